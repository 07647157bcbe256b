import {
  askMeasured,
  type Commit,
  type KernelEvent,
  type PolicyAnswer,
  type RejectionCode,
  readCause,
  type WorkCause,
  withMeasured,
} from '@canswarm/kernel';
import type { Cid, Did, EnvelopeId, Genesis, LogVerb, PolicyReason } from '@canswarm/protocol';
import type { AuditEntry } from './audit-text.ts';
import { type Posting, postingsOf } from './ledger.ts';
import { plainValue } from './plain-value.ts';
import { COMMON_CODES, REJECTION_SENTENCES, ruleDocument } from './rejection-sentences.ts';
import { type LogBreak, type LogStep, type WalkOptions, walkLog } from './walk-log.ts';

/** What the policy of the network said. */
export interface ExplainedPolicy {
  readonly capsule: Cid;
  readonly allow: boolean;
  readonly reasons: readonly PolicyReason[];
  readonly gasUsed: number;
  /** What it was asked. */
  readonly input: unknown;
}

/** A seat that fails a result for what its work took, by its word, and what the policies say of that. */
export interface MeasuredVote extends WorkCause {
  readonly seat: Did;
  readonly vote: EnvelopeId;
  /** The cause as it says it. */
  readonly because: string;
  /** What the network's decides when asked about the COMMIT again with these facts; null where there was none. */
  readonly policy: ExplainedPolicy | null;
  /** The need's own, and what it is asked; null where it has none. Whoever has its blocks asks it: `askNeedPolicy`. */
  readonly ofNeed: AskedOfNeed | null;
}

/** A question to the policy of a need. */
export interface AskedOfNeed {
  readonly capsule: Cid;
  readonly input: unknown;
}

/** Why an entry did what it did. */
export interface Explanation {
  readonly position: number;
  readonly id: EnvelopeId;
  readonly verb: LogVerb;
  readonly from: Did;
  /** The position of the log that its sender had seen. */
  readonly head: number;
  /** Log time in ms before and after. */
  readonly time: { readonly before: number; readonly after: number };
  readonly accepted: boolean;
  /** The precondition that failed; null for an accepted entry. */
  readonly code: RejectionCode | null;
  /** What the failed precondition was judged by. */
  readonly facts: Readonly<Record<string, string | number | boolean | null>>;
  /** What the policy of the network said, by which rules; null where it was not asked. */
  readonly policy: ExplainedPolicy | null;
  /** Seats that it brings who fail a result for what its work took. */
  readonly measured: readonly MeasuredVote[];
  /** What the outcome means, for people. */
  readonly sentence: string;
  /** The document that holds the rule. */
  readonly rule: string;
  /** What the sender claimed, as JSON: byte strings in hex. */
  readonly body: unknown;
  /** Signed envelopes that justify the entry, by verb and sender. */
  readonly evidence: {
    readonly envelopes: readonly { id: EnvelopeId; verb: string; from: Did }[];
    readonly blocks: number;
  };
  readonly events: readonly KernelEvent[];
  readonly postings: readonly Posting[];
}

export type Explained =
  | { readonly ok: true; readonly explanation: Explanation }
  /** `within`: the id is of an envelope that the entry at this position carries as evidence. */
  | { readonly ok: false; readonly code: 'unknown_entry'; readonly entries: number; readonly within?: number }
  | { readonly ok: false; readonly code: 'log_broken'; readonly broken: LogBreak };

/** Explains the entry at a position, or the first of an id. */
export function explain(
  genesis: Genesis,
  entries: Iterable<AuditEntry>,
  which: number | string,
  options: WalkOptions,
): Explained {
  let explanation: Explanation | null = null;
  let within: number | undefined;
  let count = 0;
  const { broken } = walkLog(genesis, entries, options, (step) => {
    count += 1;
    const { id } = step.entry.envelope;
    if (explanation === null && (which === step.applied.position || which === id)) explanation = explanationOf(step);
    if (step.entry.evidence.envelopes.some((envelope) => envelope.id === which)) within ??= count;
  });
  if (explanation !== null) return { ok: true, explanation };
  if (broken !== null) return { ok: false, code: 'log_broken', broken };
  const unknown = { ok: false, code: 'unknown_entry', entries: count } as const;
  return within === undefined ? unknown : { ...unknown, within };
}

function explanationOf(step: LogStep): Explanation {
  const { entry, applied, timeBefore, timeAfter } = step;
  const { id, payload } = entry.envelope;
  const verb = payload.verb as LogVerb;
  const { outcome } = applied;
  const common = !outcome.accepted && COMMON_CODES.has(outcome.code);
  return {
    position: applied.position,
    id,
    verb,
    from: payload.from,
    head: payload.head.position,
    time: { before: timeBefore, after: timeAfter },
    accepted: outcome.accepted,
    code: outcome.accepted ? null : outcome.code,
    facts: outcome.accepted ? {} : outcome.facts,
    policy: applied.policy === undefined ? null : shown(applied.policy),
    measured: measuredVotes(step),
    sentence: outcome.accepted ? `Every precondition of ${verb} held.` : REJECTION_SENTENCES[outcome.code],
    rule: common ? 'spec/03-kernel.md' : ruleDocument(verb),
    body: plainValue(payload.body),
    evidence: {
      envelopes: entry.evidence.envelopes.map((one) => ({
        id: one.id,
        verb: one.payload.verb,
        from: one.payload.from,
      })),
      blocks: entry.evidence.blocks.size,
    },
    events: applied.events,
    postings: postingsOf(step),
  };
}

/** A commit that votes are brought for is there after them. */
function measuredVotes({ entry, state }: LogStep): readonly MeasuredVote[] {
  return entry.evidence.envelopes.flatMap(({ id, payload }) => {
    if (payload.verb !== 'REJECT' || payload.body.verdict !== 'fail') return [];
    const cause = readCause(payload.body.reasons);
    const { asked, askedOfNeed } = state.commits.get(payload.body.commit) ?? {};
    if (cause === null || (asked === undefined && askedOfNeed === undefined)) return [];
    const policy = asked === undefined ? null : shown(askMeasured(asked, cause.facts));
    const ofNeed = askedOfNeed === undefined ? null : ofNeedWith(askedOfNeed, cause);
    const [because = ''] = payload.body.reasons;
    return [{ seat: payload.from, vote: id, ...cause, because, policy, ofNeed }];
  });
}

const ofNeedWith = (
  { capsule, input }: NonNullable<Commit['askedOfNeed']>,
  { facts }: Pick<WorkCause, 'facts'>,
): AskedOfNeed => ({ capsule, input: JSON.parse(new TextDecoder().decode(withMeasured(input, facts))) });

function shown({ capsule, decision, input }: PolicyAnswer): ExplainedPolicy {
  return { capsule, ...decision, input: JSON.parse(new TextDecoder().decode(input)) };
}
