import type { Hindrance } from 'canswarm';
import { count, credits, creditsOf, oneLine, short } from '../text.ts';
import { period } from './line.ts';
import { lostAdvice } from './lost-bids.ts';
import { fullName, type Names } from './names.ts';

/** What stands in a need's way, and what its requester can do. */
export interface Advice {
  readonly what: string;
  readonly todo: string;
}

const REASON_CHARS = 200;
const AGENTS_SHOWN = 3;

/** A hindrance in words for people. Whole sentences without their last full stop. */
export function adviceOf(hindrance: Hindrance, names: Pick<Names, 'of' | 'full'>): Advice {
  switch (hindrance.code) {
    case 'attempt_lost':
      return attemptAdvice(hindrance, names);
    case 'no_agreement':
      return {
        what: 'The seats did not come to one answer, however often they were drawn',
        todo: 'See whether verifiers are there and answer with: canswarm doctor',
      };
    case 'no_taker':
      return {
        what: `Nobody is left who takes the task, after ${count(hindrance.tried, 'attempt')}: until the deadline it is open to anyone who did not lose it, then what is left of the money goes back`,
        todo: 'Let another agent take part (canswarm agents), or take the need back with: canswarm need cancel',
      };
    case 'deadline_passed':
      return {
        what: `No result passed within the deadline of ${period(hindrance.deadlineMs)}, of which one worker has ${period(hindrance.leaseMs)} at a time`,
        todo: 'Give more time (canswarm hire --deadline), or ask for less at once',
      };
    case 'seats_lacking':
      return {
        what: `Only ${count(hindrance.eligible, 'organisation')} have verifiers that may sit, too few for a committee`,
        todo: 'More verifiers have to be there: canswarm doctor says which lack',
      };
    case 'time_stands': {
      const { since, heardBps, missing } = hindrance;
      const share = Math.floor(heardBps / 100);
      const whose = missing.length === 0 ? '' : `; missing are verifiers of ${agents(missing)}`;
      return {
        what: `No entry came for ${period(Date.now() - since)}, though log time should move: verifiers with ${share} % of the weight are heard of, more than half is needed${whose}`,
        todo: 'Nothing is lost: it goes on when their nodes run again. Those of this home: canswarm doctor, canswarm up',
      };
    }
    case 'bids_lost':
      return lostAdvice(hindrance);
    case 'none_chosen':
      return {
        what: `${count(hindrance.bids, 'bid')} came, and the seats chose none: they came too late, or the example of the need does not pass its own check`,
        todo: 'Look at the example and the check of the skill, then post it again',
      };
    default:
      return unbidAdvice(hindrance);
  }
}

type Unbid = Exclude<
  Hindrance,
  {
    code:
      | 'attempt_lost'
      | 'no_agreement'
      | 'no_taker'
      | 'deadline_passed'
      | 'seats_lacking'
      | 'time_stands'
      | 'bids_lost'
      | 'none_chosen';
  }
>;

function unbidAdvice(hindrance: Unbid): Advice {
  switch (hindrance.code) {
    case 'skill_unknown': {
      const { skill, near, peers } = hindrance;
      const meant = near === null ? '' : `Is ${oneLine(near)} meant? `;
      return {
        what: `Nobody that this node knows of has the skill ${oneLine(skill)}; it is connected with ${count(peers, 'other node')}`,
        todo: `${meant}See who offers what with: canswarm agents; let one take part with: canswarm agent run FILE`,
      };
    }
    case 'own_only':
      return {
        what: `Only ${agents(hindrance.agents)} of ${oneLine(hindrance.org)} has the skill ${oneLine(hindrance.skill)}, and nobody works for the own organisation`,
        todo: 'Let another organisation join: canswarm invite, then there canswarm join WORD --org NAME',
      };
    case 'price_low': {
      const { agent, org, least, priceCap, budget } = hindrance;
      const todo = budget === null ? `--cap ${credits(least)}` : `--budget ${credits(budget)}`;
      return {
        what: `The least that is asked is ${creditsOf(least)}, by ${whose(agent, org)}; this gives at most ${credits(priceCap)} for the work`,
        todo: `Post it again with ${todo} or more`,
      };
    }
    case 'bond_short': {
      const { agent, org, free, bond, funds, did } = hindrance;
      return {
        what: `${whose(agent, org)} would do it, and has ${creditsOf(free)} free where it takes ${credits(funds)}: a bond of ${credits(bond)}, and log space`,
        todo: `Its owner has to give it more (key ${short(did)}); a smaller need asks for a smaller bond`,
      };
    }
    case 'unvouched':
      return {
        what: `No authority of this network vouches for ${oneLine(hindrance.agent)}`,
        todo: `Its organisation has to join with it (key ${short(hindrance.did)}): canswarm join`,
      };
    case 'node_stopped':
      return {
        what: `${whose(hindrance.agent, hindrance.org)} has the skill, and its node does not run`,
        todo: `Start it with: canswarm up --node ${oneLine(hindrance.node)}; then post the need again if it has ended`,
      };
    case 'away':
      return {
        what: `The process of ${whose(hindrance.agent, hindrance.org)} does not run`,
        todo: 'Start it with: canswarm agent run FILE',
      };
    case 'busy':
      return {
        what: `${whose(hindrance.agent, hindrance.org)} has as much work as it takes`,
        todo: 'Post it again a little later',
      };
    case 'window_missed':
      if (hindrance.capSealed)
        return {
          what: `${agents(hindrance.agents)} could have bid: what they asked was above the sealed cap, or they did not bid while bids were taken, for ${period(hindrance.bidMs)}`,
          todo: 'See what they ask: canswarm agents. Post it again with a higher --seal-cap',
        };
      return {
        what: `${agents(hindrance.agents)} could have bid and did not while bids were taken, for ${period(hindrance.bidMs)}`,
        todo: 'Post it again; if it stays so, look at their nodes with: canswarm doctor, canswarm logs',
      };
  }
}

const whose = (agent: string, org: string | null): string =>
  fullName(oneLine(agent), org === null ? null : oneLine(org));

function agents(all: readonly string[]): string {
  const shown = all.slice(0, AGENTS_SHOWN).map(oneLine).join(', ');
  return all.length > AGENTS_SHOWN ? `${shown} and ${all.length - AGENTS_SHOWN} more` : shown;
}

const SOMEBODY_ELSE = 'Nothing in the need is wrong: who lost a task may not take it again, somebody else may';

const ENDED: Readonly<Record<string, readonly [how: string, todo: string]>> = {
  expired: ['did not finish in time', 'Give more time (canswarm hire --deadline), or ask for less at once'],
  released: ['gave no sign of life', SOMEBODY_ELSE],
  yielded: ['gave it back', 'Look whether the input is what the skill takes'],
  unfit: [
    'gave it back, since its own output would not pass',
    'The input is not at fault: the agent has to be mended by its owner. See who else offers the skill with: canswarm agents',
  ],
  failed: ['was not passed by the seats', 'Look at their reasons: the input, or the acceptance, may have to change'],
  overturned: ['was passed, then proved false', SOMEBODY_ELSE],
  undecidable: [
    'could not be judged',
    'Look at the reasons: seats that met a deadline had too slow a machine for so much at once; else the acceptance may ask for what they cannot check',
  ],
};

/** How an agent words it that it judged its own output before it committed that. */
const UNFIT = /^the skill failed, \w+: (?:seats would fail )?the output\b/;

function attemptAdvice(
  { attempt, worker, outcome, said }: Extract<Hindrance, { code: 'attempt_lost' }>,
  names: Pick<Names, 'of' | 'full'>,
): Advice {
  const isUnfit = outcome === 'yielded' && said.some(({ reasons }) => reasons.some((reason) => UNFIT.test(reason)));
  const [how, todo] = ENDED[isUnfit ? 'unfit' : outcome] ?? [outcome, ''];
  const seats = reasonsBySeats(said, names);
  const why = seats.length === 0 ? '' : `: ${seats.join('; ')}`;
  return { what: `Attempt ${attempt}, ${names.full(worker)}, ${how}${why}`, todo };
}

/** Each reason once, with the seats that gave it. */
export function reasonsBySeats(
  said: readonly { readonly by: string | null; readonly reasons: readonly string[] }[],
  names: Pick<Names, 'of'>,
): readonly string[] {
  const seats = new Map<string, string[]>();
  for (const { by, reasons } of said)
    for (const reason of reasons) {
      const text = oneLine(reason).slice(0, REASON_CHARS);
      seats.set(text, [...(seats.get(text) ?? []), ...(by === null ? [] : [names.of(by)])]);
    }
  return [...seats].map(([reason, by]) => (by.length === 0 ? reason : `${reason} (${by.join(', ')})`));
}
