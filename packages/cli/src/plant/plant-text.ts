import type { Plant } from '@canswarm/api';
import { creditsOf, safe, short, table } from '../text.ts';

const STAGES: Readonly<Record<Plant['stage'], string>> = {
  funding: 'its keys get credits',
  unfunded: 'its payer had no credits for its keys in time: it was given up',
  posted: 'its need is posted and takes bids',
  hired: 'its worker is hired',
  outbid: 'another worker was hired: it is work like any other now',
  delivered: 'its seats judge what is wrong',
  judged: 'it was judged',
  settled: 'it is settled',
  refused: 'the law refused its need: what its keys have is sent back',
};

/** What follows once it is told to be a plant, which only what was judged or proved wrong can be. */
const OPENED: Readonly<Record<string, string>> = { pass: ', proved wrong, and opened', fail: ', and opened' };

/** How far a plant is, for whoever waits. */
export const stageLine = ({ number, stage, verdict, opened }: Plant): string =>
  `plant ${number}: ${STAGES[stage]}${stage === 'judged' ? ` ${verdict}${opened ? (OPENED[verdict ?? ''] ?? '') : ''}` : ''}`;

/** A plant for people. */
export function plantText(plant: Plant): string {
  const { number, needId, like, wrong, seats, sent, back, repaid, over } = plant;
  const rows = seats.map(({ name, did, vote, slashed }) => [
    safe(name),
    short(did),
    vote ?? 'no vote yet',
    vote === 'pass' ? (slashed > 0 ? `lost ${creditsOf(slashed)}` : 'passed what is wrong') : '',
  ]);
  const money = over
    ? `It cost ${creditsOf(sent - back)}; ${creditsOf(repaid)} of it were repaid before.`
    : `What its keys have left comes back once its need is settled. See: canswarm plant show ${number}`;
  return [
    stageLine(plant),
    `need ${needId === null ? 'not posted yet' : short(needId)}, like ${short(like)}`,
    `wrong: ${wrong.class} in output ${wrong.output}${wrong.key === '' ? '' : `, record ${safe(wrong.key)}`}`,
    ...(rows.length === 0 ? [] : [table([['seat', 'key', 'vote', ''], ...rows])]),
    ...(plant.stage === 'refused' ? [] : [money]),
  ].join('\n');
}
