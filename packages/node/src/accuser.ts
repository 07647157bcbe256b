import { freeBalance, type OwnDuty, type State, sealFunds } from '@canswarm/kernel';
import type { RandomStream } from '@canswarm/ports';
import type { EnvelopeId } from '@canswarm/protocol';
import type { Identity } from './identity.ts';
import type { Accusation, OpeningBook } from './opening-book.ts';
import type { Outbox } from './outbox.ts';
import { SealFundsError } from './seal-funds-error.ts';

export interface AccuserOptions {
  readonly state: State;
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

  /**
   * Lays the seal of an accusation; resolves with its id once it is on its way. Rejects where it has no form, and with a SealFundsError
   * where its key has less free than the bond, what judging the proof adds to it and the log space of both entries: a seal that cannot be
   * opened costs its bond.
   */
  async seal({ signer }: Identity, about: Omit<Accusation, 'by'>): Promise<EnvelopeId> {
    const { state, outbox, openings, salts } = this.#options;
    const { need, subject, class: kind, evidence } = about;
    const sealed = openings.seal({ by: signer.did, ...about }, salts.bytes(32));
    const shown = evidence === null ? [] : [...evidence.envelopes, ...evidence.blocks.map(({ bytes }) => bytes)];
    const funds = sealFunds(state, about, shown);
    const free = freeBalance(state, signer.did);
    if (funds !== null && free < funds) throw new SealFundsError({ did: signer.did, free, funds });
    const body = { subject, class: kind, seal: sealed.seal, opening: null };
    return outbox.command(signer, { verb: 'CHALLENGE', body }, need, { keep: () => openings.keep(need, sealed) });
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
