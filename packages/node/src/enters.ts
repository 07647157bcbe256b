import type { OwnDuty } from '@canswarm/kernel';

/** Whether a duty of one key is carried out by an entry of the log; the others are gossip, or work of this node's own. */
const ENTERS = {
  rejoin: true,
  conform: true,
  renew: true,
  yield: true,
  commit: true,
  claim: true,
  challenge: true,
  accuse: true,
  dispute: true,
  open: true,
  report: false,
  bid: false,
  open_bid: false,
  open_cap: false,
  improve: false,
  plan: false,
  divide: false,
  propose_division: false,
  vote_plan: false,
  rehearse: false,
  execute: false,
  speculate: false,
  alternate: false,
  heartbeat: false,
  evaluate: false,
  seal_result: false,
  vote_result: false,
  hear: false,
  judge: false,
  inspect: false,
  review: false,
  miss: false,
} as const satisfies Readonly<Record<OwnDuty['type'], boolean>>;

/** Whether a duty of one key cannot be carried out without the log. */
export const entersLog = ({ type }: Pick<OwnDuty, 'type'>): boolean => ENTERS[type];
