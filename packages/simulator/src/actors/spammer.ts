import type { State } from '@canswarm/kernel';
import type { Said } from '@canswarm/node';
import type { RandomStream, Signer } from '@canswarm/ports';
import { type Did, type NeedId, wholeTask } from '@canswarm/protocol';
import { CREDIT } from 'canswarm';
import { oneOf, within } from '../world/draw.ts';
import type { Voice } from './voice.ts';

/** What it says at a time, and the bytes of junk. */
const BURST = { min: 4, max: 16 };
const JUNK_BYTES = { min: 1, max: 2_048 };
const ENTRIES = { min: 1, max: 3 };

/** Floods gossip with junk, with bids of its own and of strangers, and the log with transfers that it cannot pay. */
export class Spammer {
  readonly #voice: Voice;
  readonly #signer: Signer;
  readonly #stream: RandomStream;
  readonly #state: () => State;

  constructor(voice: Voice, signer: Signer, stream: RandomStream, state: () => State) {
    this.#voice = voice;
    this.#signer = signer;
    this.#stream = stream;
    this.#state = state;
  }

  act(): void {
    oneOf(this.#stream, [
      () => this.#junk(),
      () => this.#bid(),
      () => this.#bidOfStrangers(),
      () => this.#transfer(),
    ])();
  }

  #some<T>(make: () => T, range = BURST): readonly T[] {
    return Array.from({ length: within(this.#stream, range) }, make);
  }

  #junk(): void {
    for (const message of this.#some(() => this.#stream.bytes(within(this.#stream, JUNK_BYTES))))
      this.#voice.publishBytes(message);
  }

  #bid(): void {
    const need = this.#open();
    if (need === null) return;
    this.#voice.publish(this.#some(() => this.#voice.sign(this.#signer, this.#offer(need, this.#signer.did), need.id)));
  }

  #bidOfStrangers(): void {
    const need = this.#open();
    if (need === null) return;
    const say = (): Uint8Array => {
      const stranger = this.#voice.stranger();
      return this.#voice.sign(stranger, this.#offer(need, stranger.did), need.id);
    };
    this.#voice.publish(this.#some(say));
  }

  #transfer(): void {
    const said = (): Said => {
      const amount = oneOf(this.#stream, [1, CREDIT, Number.MAX_SAFE_INTEGER]);
      return { verb: 'TRANSFER', body: { to: this.#signer.did, amount, create: false } };
    };
    this.#voice.append(this.#some(() => this.#voice.entry(this.#signer, said(), null), ENTRIES));
  }

  #open(): { readonly id: NeedId; readonly round: number } | null {
    const open = [...this.#state().needs.values()].filter(({ phase }) => phase === 'bidding');
    return open.length === 0 ? null : oneOf(this.#stream, open);
  }

  #offer({ id, round }: { readonly id: NeedId; readonly round: number }, bidder: Did): Said {
    const price = within(this.#stream, { min: CREDIT / 2, max: 3 * CREDIT });
    return {
      verb: 'PROPOSE',
      body: {
        need: id,
        round,
        base: 0,
        price,
        etaMs: within(this.#stream, { min: 1, max: 60_000 }),
        planner: null,
        outbids: null,
        salt: null,
        patch: [wholeTask(bidder, price, null)],
      },
    };
  }
}
