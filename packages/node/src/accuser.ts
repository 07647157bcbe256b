import type { OwnDuty } from '@canswarm/kernel';
import type { RandomStream } from '@canswarm/ports';
import type { EnvelopeId } from '@canswarm/protocol';
import type { Identity } from './identity.ts';
import type { Accusation, OpeningBook } from './opening-book.ts';
import type { Outbox } from './outbox.ts';

export interface AccuserOptions {
  readonly outbox: Outbox;
  readonly openings: OpeningBook;
  readonly salts: RandomStream;
}

/** Lays seals of challenges and opens them. Whoever accuses, an owner, a finding or what was heard: what is sealed here is opened by duty. */
export class Accuser {
  readonly #options: AccuserOptions;

  constructor(options: AccuserOptions) {
    this.#options = options;
  }

  /** Lays the seal of an accusation; resolves with its id once it is on its way, rejects where it has no form. */
  async seal({ signer }: Identity, about: Omit<Accusation, 'by'>): Promise<EnvelopeId> {
    const { outbox, openings, salts } = this.#options;
    const { need, subject, class: kind } = about;
    const { seal, kept } = openings.seal({ by: signer.did, ...about }, salts.bytes(32));
    return outbox.command(signer, { verb: 'CHALLENGE', body: { subject, class: kind, seal, opening: null } }, need, {
      keep: () => kept,
    });
  }

  /** Opens what this node sealed. */
  open({ signer }: Identity, { need, seal }: Extract<OwnDuty, { type: 'open' }>): void {
    const { outbox, openings } = this.#options;
    const opening = openings.opening(need, seal);
    if (opening === null) return;
    const { body, evidence } = opening;
    outbox.say({ signer, said: { verb: 'CHALLENGE', body }, thread: need, refs: [], evidence, guard: null });
  }
}
