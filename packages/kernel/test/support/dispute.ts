import type { Bodies, Cid, EnvelopeId, JuryClass, VerifiedEnvelope } from '@canswarm/protocol';
import type { Applied } from '../../src/apply.ts';
import { seatedOf } from '../../src/committee.ts';
import { jurySubject } from '../../src/jury.ts';
import type { Challenge, Committee, Dispute } from '../../src/state.ts';
import { REQUESTER, type World } from '../world.ts';
import { type Accusation, lay, opening } from './accusation.ts';
import type { Agent } from './keys.ts';
import { type Story, who } from './story.ts';

/** What is said of a result that no block proves. */
export const beforeJury = (kind: JuryClass = 'wrong_output', salt = 'salt'): Accusation => ({
  class: kind,
  claim: { output: 0, key: 's/0001', step: 0 },
  salt,
});

/** Seals and opens; both entries must be accepted. Its name. */
function dispute({ world, commit: { id } }: Story, by: Agent, accusation: Accusation): EnvelopeId {
  const laid = lay(world, by, id, accusation);
  if (!laid.outcome.accepted) throw new Error(`the seal was refused: ${laid.outcome.code}`);
  const opened = world.apply(opening(world, by, id, accusation));
  if (!opened.outcome.accepted) throw new Error(`the opening was refused: ${opened.outcome.code}`);
  const event = opened.events.find(({ type }) => type === 'dispute_opened');
  if (event?.type !== 'dispute_opened') throw new Error('no jury hears it');
  return event.challenge;
}

/** A challenge that a jury hears, and what is done about it. */
export class Hearing {
  readonly world: World;
  readonly story: Story;
  readonly id: EnvelopeId;
  readonly #commit: Cid;

  /** Seals and opens, which both must be accepted; or hears of a dispute that was opened. */
  constructor(story: Story, by: Agent | { readonly challenge: EnvelopeId }, accusation: Accusation = beforeJury()) {
    this.world = story.world;
    this.story = story;
    this.#commit = story.commit.id;
    this.id = 'challenge' in by ? by.challenge : dispute(story, by, accusation);
  }

  get #challenge(): Challenge | undefined {
    return this.world.state.challenges.get(this.#commit)?.find(({ id }) => id === this.id);
  }

  get over(): boolean {
    return this.#challenge === undefined;
  }

  get dispute(): Dispute {
    const dispute = this.#challenge?.dispute;
    if (dispute == null) throw new Error('the dispute is over');
    return dispute;
  }

  get committee(): Committee {
    return this.instance(this.dispute.instance);
  }

  instance(number: number): Committee {
    const committee = this.world.state.committees.get(jurySubject(this.id, number));
    if (committee === undefined) throw new Error(`nobody hears instance ${number}`);
    return committee;
  }

  get seats(): readonly Agent[] {
    return seatedOf(this.committee).map((seat) => who(seat.did));
  }

  /** Ticks until the present instance may answer. */
  toVotes(): this {
    this.world.tickUntil(() => this.committee.phase === 'voting');
    return this;
  }

  vote(
    seat: Agent,
    verdict: Bodies['JUDGE']['verdict'],
    own: Partial<Bodies['JUDGE']> = {},
    committee = this.committee,
  ): VerifiedEnvelope {
    const { draw } = committee.seats.findLast(({ did }) => did === seat.did) ?? { draw: 0 };
    const { instance } = this.dispute;
    const about = { commit: this.#commit as never, challenge: this.id, instance, ballot: committee.ballot, draw };
    return this.world.gossip(seat, 'JUDGE', { ...about, verdict, reasons: [], ...own });
  }

  say(verb: 'INVALIDATE' | 'DISMISS', envelopes: readonly VerifiedEnvelope[], by = REQUESTER): Applied {
    const body = { commit: this.#commit as never, challenge: this.id, ballot: this.committee.ballot };
    return this.world.submit(by, verb, body, { envelopes });
  }

  /** Ticks to the vote; `count` seats say it, all by default, and the instance has ruled. */
  rule(verdict: 'uphold' | 'dismiss', count = Number.POSITIVE_INFINITY): this {
    this.toVotes();
    const votes = this.seats.slice(0, count).map((seat) => this.vote(seat, verdict));
    const { outcome } = this.say(verdict === 'uphold' ? 'INVALIDATE' : 'DISMISS', votes);
    if (!outcome.accepted) throw new Error(`the ruling was refused: ${outcome.code} ${JSON.stringify(outcome.facts)}`);
    return this;
  }

  appeal(by: Agent): Applied {
    return this.world.submit(by, 'APPEAL', { commit: this.#commit as never, challenge: this.id });
  }

  /** Ticks until the last instance has spoken. */
  toEnd(ms = 100): this {
    this.world.tickUntil(() => this.over, ms);
    return this;
  }
}
