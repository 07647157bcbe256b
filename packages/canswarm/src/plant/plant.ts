import type { Need } from '@canswarm/kernel';
import type { NeedDraft } from '@canswarm/node';
import type { Finding } from '@canswarm/ports';
import type { ArtifactRef, CommitId, Did, Micro, NeedId } from '@canswarm/protocol';

/** The two fresh keys of a plant. */
export type Role = 'requester' | 'worker';

/** What a node made up its mind to plant: durable, and never changed but for the entry. */
export interface Planned {
  /** Its keys and its salt follow from it. */
  readonly number: number;
  /** The need whose final result it spoils. */
  readonly like: NeedId;
  readonly body: Omit<NeedDraft, 'mark'>;
  /** What its worker delivers. */
  readonly outputs: readonly ArtifactRef[];
  /** What is wrong in it. */
  readonly fault: Finding;
  /** What each key gets, micro-credits. */
  readonly funds: Readonly<Record<Role, Micro>>;
  /** Log time after which it is given up where its need was not signed, ms. */
  readonly postBy: number;
  /** Its need, once it was signed, and the signed entry (hex) for who has to say it again. */
  readonly posted: { readonly need: NeedId; readonly entry: string } | null;
  /** What the log said of it up to the position where it was over and its keys were let go; null before. */
  readonly closed: { readonly standing: Standing; readonly position: number } | null;
}

/** A seat that judged a plant, by what it said. */
export interface JudgedBy {
  readonly did: Did;
  /** `pass`, `fail` or `undecidable`; null: nothing so far. */
  readonly vote: string | null;
  /** What it lost by it so far, micro-credits. */
  readonly slashed: Micro;
}

/** What the log says of a plant. */
export interface Standing {
  readonly funded: Readonly<Record<Role, boolean>>;
  /** Whether the law took its need; false: refused; null: not known yet. */
  readonly taken: boolean | null;
  /** Who was hired; the plant comes to nothing when it is another. */
  readonly hired: Did | null;
  readonly commit: CommitId | null;
  readonly verdict: 'pass' | 'fail' | 'undecidable' | null;
  readonly seats: readonly JudgedBy[];
  readonly opened: boolean;
  readonly settled: boolean;
  /** What of its cost the fund repaid. */
  readonly repaid: Micro;
  /** What its keys were sent, and what they sent back. */
  readonly sent: Micro;
  readonly back: Micro;
}

export const UNSEEN: Standing = {
  funded: { requester: false, worker: false },
  taken: null,
  hired: null,
  commit: null,
  verdict: null,
  seats: [],
  opened: false,
  settled: false,
  repaid: 0,
  sent: 0,
  back: 0,
};

export type Stage =
  | 'funding'
  | 'unfunded'
  | 'posted'
  | 'hired'
  | 'outbid'
  | 'delivered'
  | 'judged'
  | 'settled'
  | 'refused';

/** How far a plant is, in one word. `over`: its keys were let go. */
export function stageOf({ taken, settled, verdict, commit, hired }: Standing, worker: Did, over: boolean): Stage {
  if (taken === false) return 'refused';
  if (taken === null && over) return 'unfunded';
  if (settled) return 'settled';
  if (hired !== null && hired !== worker && verdict === null) return 'outbid';
  if (verdict !== null) return 'judged';
  if (commit !== null) return 'delivered';
  if (hired !== null) return 'hired';
  return taken === null ? 'funding' : 'posted';
}

export type Step =
  | { readonly type: 'fund' | 'sweep'; readonly of: Role }
  | { readonly type: 'post' | 'repeat' | 'open' | 'cancel' | 'close' };

export interface Sight {
  readonly standing: Standing;
  /** Its need while it is not settled. */
  readonly need: Need | undefined;
  readonly worker: Did;
  /** What a key can spend after the fee of sending it back. */
  readonly spare: Readonly<Record<Role, Micro>>;
  /** Whether its payer has what a key gets. What the law refuses costs log space, so it is not said before. */
  readonly payable: Readonly<Record<Role, boolean>>;
  /** Whether the time in which its need was to be signed is over. */
  readonly late: boolean;
}

const ROLES: readonly Role[] = ['requester', 'worker'];
const BUSY: ReadonlySet<Need['phase']> = new Set(['leased', 'committed', 'verified', 'final']);

/**
 * What is next for a plant that is not closed; null: wait for others. Everything follows from the log, so that what was said before
 * a crash is not said again.
 */
export function nextStep(
  { posted }: Pick<Planned, 'posted'>,
  { standing, need, worker, spare, payable, late }: Sight,
): Step | null {
  const { funded, taken, settled, opened } = standing;
  const isGivenUp = taken === null && posted === null && late;
  if (taken === null && !isGivenUp) {
    const of = ROLES.find((role) => !funded[role]);
    if (of !== undefined) return payable[of] ? { type: 'fund', of } : null;
    return { type: posted === null ? 'post' : 'repeat' };
  }
  if (isGivenUp || taken === false || settled) {
    const of = ROLES.find((role) => spare[role] > 0);
    return of === undefined ? { type: 'close' } : { type: 'sweep', of };
  }
  if (need === undefined || need.misfit?.worker !== worker) return null;
  if (!opened) return { type: 'open' };
  // Another attempt would be work like any other.
  return need.status === 'open' || need.status === 'decided'
    ? BUSY.has(need.phase)
      ? null
      : { type: 'cancel' }
    : null;
}
