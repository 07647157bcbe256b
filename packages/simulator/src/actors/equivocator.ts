import type { KernelEvent } from '@canswarm/kernel';
import type { Said } from '@canswarm/node';
import type { RandomStream, Signer } from '@canswarm/ports';
import type { CommitId, EnvelopeId, NeedId, Payload } from '@canswarm/protocol';
import { happens, PER_MILLION } from '../world/draw.ts';
import type { Voice } from './voice.ts';

/** How votes on what a seat is for are cast. */
interface Form {
  readonly areVotesSealed: boolean;
  /** What they say that the law's policy decided. */
  readonly policyDigest: Uint8Array | null;
}

type Seat = Pick<Extract<KernelEvent, { type: 'seated' }>, 'subject' | 'did' | 'ballot' | 'draw'>;

/** Steps of a result vote. */
const STEPS = 16;
const HALF = PER_MILLION / 2;
const REASON = 'it is not so';

/** What contradicts a vote, or the seal of one; null for what is neither. */
function opposite(payload: Payload, stream: RandomStream): Said | null {
  switch (payload.verb) {
    case 'ATTEST_PLAN': {
      const { body } = payload;
      const somebody = body.need as string as EnvelopeId;
      const other = body.winner === null ? { winner: somebody, bidsSeen: [somebody] } : { winner: null, bidsSeen: [] };
      return { verb: 'ATTEST_PLAN', body: { ...body, ...other } };
    }
    case 'ATTEST':
      return { verb: 'REJECT', body: { ...payload.body, verdict: 'fail', reasons: [REASON] } };
    case 'REJECT': {
      const { verdict: _verdict, reasons: _reasons, ...body } = payload.body;
      return { verb: 'ATTEST', body };
    }
    case 'SEAL':
      return { verb: 'SEAL', body: { ...payload.body, seal: stream.bytes(32) } };
    default:
      return null;
  }
}

/**
 * Contradicts each vote of its own node, once: speaks first for the seat that it is drawn to, without looking, or answers by a different vote,
 * at times also by the same on another history.
 */
export class Equivocator {
  readonly #voice: Voice;
  readonly #signer: Signer;
  readonly #stream: RandomStream;
  readonly #answered = new Set<string>();

  constructor(voice: Voice, signer: Signer, stream: RandomStream) {
    this.#voice = voice;
    this.#signer = signer;
    this.#stream = stream;
  }

  /** Is told that its key has a seat; returns whether it spoke first. */
  onSeated(seat: Seat, thread: NeedId, form: Form): boolean {
    if (seat.did !== this.#signer.did || happens(this.#stream, HALF)) return false;
    const said = this.#unseen(seat, thread, form);
    if (said === null) return false;
    const envelope = this.#voice.sign(this.#signer, said, thread);
    this.#answered.add(matterOf(said));
    this.#voice.publish([envelope]);
    return true;
  }

  /** What it says of a subject at which it did not look; null where that is a matter for a jury. */
  #unseen({ subject, ballot, draw }: Seat, need: NeedId, { areVotesSealed, policyDigest }: Form): Said | null {
    const [kind, id, round] = subject.split('/');
    if (kind === 'plan') {
      const nobody = { winner: null, bidsSeen: [], policyDigest };
      return { verb: 'ATTEST_PLAN', body: { need, round: Number(round), ballot, draw, ...nobody } };
    }
    if (kind !== 'result') return null;
    const about = { commit: id as CommitId, ballot, draw };
    if (areVotesSealed) return { verb: 'SEAL', body: { ...about, seal: this.#stream.bytes(32) } };
    const steps = Array.from({ length: STEPS }, () => this.#stream.bytes(32));
    const vote = { ...about, steps, salt: null, policyDigest };
    return { verb: 'REJECT', body: { ...vote, verdict: 'fail', reasons: [REASON] } };
  }

  /** Hears gossip; returns whether it answered. */
  onSaid(payload: Payload): boolean {
    const { from, thread, head } = payload;
    if (from !== this.#signer.did || thread === null) return false;
    const other = opposite(payload, this.#stream);
    if (other === null) return false;
    const matter = matterOf(payload);
    if (this.#answered.has(matter)) return false;
    this.#answered.add(matter);
    const say = (said: Said, digest: Uint8Array): Uint8Array =>
      this.#voice.sign(this.#signer, said, thread, { head: { ...head, digest } });
    const forked = say({ verb: payload.verb, body: payload.body } as Said, this.#stream.bytes(32));
    const isForked = happens(this.#stream, HALF);
    this.#voice.publish([say(other, head.digest), ...(isForked ? [forked] : [])]);
    return true;
  }
}

/** What a seat may vote on once. */
function matterOf({ verb, body }: Said): string {
  const about = 'commit' in body ? body.commit : 'need' in body ? body.need : '';
  const [ballot, draw] = 'ballot' in body && 'draw' in body ? [body.ballot, body.draw] : [0, 0];
  return `${verb === 'SEAL' ? 'seal' : 'vote'} ${about} ${ballot} ${draw}`;
}
