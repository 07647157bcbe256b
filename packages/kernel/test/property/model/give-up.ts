import { needRow } from './committees.ts';
import { failInstance } from './disputes.ts';
import { reopenOrExpire } from './needs.ts';
import type { CommitteeRow, Model } from './tables.ts';
import { abandon } from './verdicts.ts';

/** A committee cannot be had: bidding reopens once, a result is paid as undecidable, a dispute goes on without this jury. */
export function giveUp(model: Model, committee: CommitteeRow): void {
  if (committee.challenge !== null) failInstance(model, committee);
  else if (committee.commit === null) reopenOrExpire(model, needRow(model, committee.need));
  else abandon(model, committee);
}
