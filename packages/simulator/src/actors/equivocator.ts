import type { Said } from '@canswarm/node';
import type { RandomStream, Signer } from '@canswarm/ports';
import type { EnvelopeId, Payload } from '@canswarm/protocol';
import { happens, PER_MILLION } from '../world/draw.ts';
import type { Voice } from './voice.ts';

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

/** Answers each vote that its own node says, once, by a different one; at times also by the same on another history. */
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
function matterOf({ verb, body }: Payload): string {
  const about = 'commit' in body ? body.commit : 'need' in body ? body.need : '';
  const [ballot, draw] = 'ballot' in body && 'draw' in body ? [body.ballot, body.draw] : [0, 0];
  return `${verb === 'SEAL' ? 'seal' : 'vote'} ${about} ${ballot} ${draw}`;
}
