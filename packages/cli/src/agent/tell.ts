import type { AgentTold } from 'canswarm';
import { creditsOf, cut, oneLine, safe, short } from '../text.ts';

const NOTE_CELLS = 120;
const SEATS: Readonly<Record<string, string>> = { execute: 'works on', evaluate: 'judges', inspect: 'looks at' };

type News = Extract<AgentTold, { type: 'news' }>;

/** What happens to an agent as a line for its owner; null for what need not be told. */
export function lineOf(told: AgentTold): string | null {
  switch (told.type) {
    case 'attached': {
      const { name, did, org, node, free, stake } = told.agent;
      const staked = stake === 0 ? '' : `, ${creditsOf(stake)} staked`;
      return `attached as ${name} of ${safe(org)} (${short(did)}) by the node ${safe(node)}; ${creditsOf(free)} free${staked}; ${offers(told.manifest)}`;
    }
    case 'away':
      return `the node is away: ${oneLine(told.why)}; trying again`;
    case 'started': {
      const { action, task } = told.job;
      return `${short(told.need)}: ${SEATS[action] ?? action} ${safe(task.skill)}, attempt ${task.attempt}`;
    }
    case 'progress': {
      const { done, total, note } = told.progress;
      return `${short(told.need)}: ${done} of ${total}${note === '' ? '' : `, ${cut(oneLine(note), NOTE_CELLS)}`}`;
    }
    case 'line':
      return `${short(told.need)}: ${told.line.level} ${oneLine(told.line.message)}`;
    case 'done':
      return `${short(told.need)}: done in ${(told.ms / 1_000).toFixed(1)} s`;
    case 'failed':
      return `${short(told.need)}: failed, ${oneLine(told.why)}`;
    case 'reloaded':
      return `the saved code is taken up; ${offers(told.manifest)}`;
    case 'broken':
      return `what was saved cannot be used, the code before it goes on: ${oneLine(told.why)}`;
    case 'news':
      return newsLine(told);
  }
}

function newsLine({ need, event }: News): string | null {
  const about = need === null ? '' : `${short(need)}: `;
  switch (event.type) {
    case 'lease_granted':
      return `${about}hired for ${creditsOf(event.price)}`;
    case 'lease_lost':
      return `${about}${event.reason === 'yielded' ? 'yielded, somebody else may do it' : `lost, ${event.reason}`}`;
    case 'committed':
      return `${about}committed, seats judge it`;
    case 'certified':
      return `${about}judged: ${event.verdict}`;
    case 'finalized':
      return `${about}final, paid ${creditsOf(event.price)}`;
    case 'undecided':
      return `${about}nobody could tell, paid ${creditsOf(event.paid)}`;
    case 'slashed':
      return `${about}lost ${creditsOf(event.amount)}: ${oneLine(event.cause)}`;
    case 'seated':
      return `${about}has a seat`;
    case 'member_inactive':
      return `${about}counts as absent: it was silent too often`;
    case 'posting':
      return event.code === 'seat_fee' || event.code === 'planner_share'
        ? `${about}paid ${creditsOf(event.amount)} (${event.code.replace('_', ' ')})`
        : null;
    default:
      return null;
  }
}

function offers({ skills }: Extract<AgentTold, { type: 'attached' }>['manifest']): string {
  const told = skills.map(({ id, price, joins, verifies, shareBps, divides }) => {
    const does = [
      ...(price === null ? [] : [creditsOf(price)]),
      ...(joins ? ['joins tasks'] : []),
      ...(verifies ? ['verifies'] : []),
      ...(shareBps === null ? [] : [`${divides ? 'divides and plans' : 'plans'} for ${shareBps / 100} %`]),
    ];
    return `${id} (${does.join(', ')})`;
  });
  return `offers ${told.join(', ')}`;
}
