import { createWorld } from '@canswarm/simulator';
import { attacker } from '../../world/attacker.ts';
import { postQuote } from '../../world/post-quote.ts';
import { withholdingContent } from '../../world/withholding-content.ts';
import { witness } from '../../world/witness.ts';
import type { Report, Suite } from '../suite.ts';
import { bidsOfStrangers, boundlessBids, lastMomentBids, manyPlanners, plansOfStrangers } from './bids.ts';
import { dustVerifiers } from './dust.ts';
import { falseLife, spoiltMiss } from './leases.ts';
import { crookedReports, otherTimes, reportsOfStrangers, unknownNeeds } from './reports.ts';
import { endlessJudgement, nobodyJudges, nobodyVotes, withheldOutputs } from './results.ts';
import type { Attack } from './stage.ts';
import { votesForNothing, votesOfStrangers, votesTwice } from './votes.ts';

const LIMIT_MS = 120_000;
const HOSTS = 5;

const ATTACKS: readonly Attack[] = [
  bidsOfStrangers,
  plansOfStrangers,
  manyPlanners,
  boundlessBids,
  lastMomentBids,
  votesForNothing,
  votesOfStrangers,
  votesTwice,
  reportsOfStrangers,
  crookedReports,
  unknownNeeds,
  falseLife,
  spoiltMiss,
  otherTimes,
  dustVerifiers,
  endlessJudgement,
  withheldOutputs,
  nobodyJudges,
  nobodyVotes,
];

async function endure(attack: Attack, seed: string, report: Report): Promise<void> {
  const { cast, ends, withholds } = attack;
  const world = createWorld({
    seed,
    hosts: attack.hosts ?? HOSTS,
    ...(cast === undefined ? {} : { cast }),
    ...(withholds === true ? { wrapContent: withholdingContent } : {}),
  });
  const stage = { world, seen: witness(world), evil: attacker(world) };
  const { seen } = stage;
  attack.prepare(stage);
  world.network.start();
  const need = await postQuote(world, { body: attack.need ?? {} });
  const posted = world.clock.now();
  await world.clock.runUntil(() => seen.settled(need) && seen.level(), { untilMs: posted + LIMIT_MS });
  const tookMs = world.clock.now() - posted;
  const ended = seen.events(ends ?? 'finalized').length;
  report.check(`${attack.name}: the need is ${ends ?? 'met'}`, seen.settled(need) && ended === 1, `${ended} times`);
  report.check(`${attack.name}: in time`, tookMs <= attack.withinMs, `${tookMs} ms of ${attack.withinMs}`);
  report.check(`${attack.name}: no invariant breaks, no node stops`, seen.faults.length === 0, seen.faults.join('; '));
  attack.expect?.(stage, report);
}

/** Peers that say whatever their keys can sign: nothing of it delays a need or fills a node. */
export const hostile: Suite = {
  name: 'hostile',
  async run(size, report) {
    const rounds = size === 'full' ? 4 : 1;
    for (let index = 0; index < rounds; index += 1)
      for (const attack of ATTACKS.filter((a) => a.name.includes(process.env['ONLY'] ?? '')))
        await endure(attack, `hostile/${index}`, report);
    report.metric('attacks', rounds * ATTACKS.length);
  },
};
