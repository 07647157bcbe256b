import { Wires } from '../processes/wires.ts';
import type { Report, RunOptions, Size, Suite } from '../suite.ts';
import { Interrupted, inBed } from './bed.ts';
import { FAULTS, type Fault } from './faults.ts';
import { type Outcome, playRound } from './round.ts';

const ROUNDS = 20;
const ROUNDS_OF_SLICE = 2;
const SEVERAL = 5;
/** Time without progress after the leader was killed, with etcd's default timers, ms. */
const LEADER_KILL_STALL_MS = 2_500;

async function play(name: string, fault: Fault, rounds: number, report: Report): Promise<void> {
  report.say(`etcd/${name}: ${fault.tells}; ${rounds} rounds`);
  await inBed(async (bed) => {
    const outcomes: Outcome[] = [];
    try {
      for (let number = 1; number <= rounds; number += 1) {
        const outcome = await playRound(bed, fault, number, report, `${name}, round ${number}`);
        outcomes.push(outcome);
        const { seconds, stallMs, unmet, operations } = outcome;
        const told = `${seconds.toFixed(1)} s, the log stood still ${Math.round(stallMs)} ms, ${operations} operations in the history`;
        report.say(
          `     ${name}, round ${number} of ${rounds}: ${told}${unmet === null ? '' : `; the need was not met: ${unmet}`}`,
        );
      }
    } finally {
      tell(name, outcomes, report);
    }
    const fallen = bed.nodes.fallen.map((one) => `${one.name}: ${one.said}`);
    report.check(`${name}: no node ends by itself`, fallen.length === 0, fallen.join('\n'));
  }, fault.buckets);
}

function tell(name: string, outcomes: readonly Outcome[], report: Report): void {
  const stalls = outcomes.map(({ stallMs }) => stallMs).sort((one, other) => one - other);
  const p95 = Math.round(stalls[Math.min(stalls.length - 1, Math.floor(stalls.length * 0.95))] ?? 0);
  report.metric(`etcd.${name}.rounds`, outcomes.length);
  report.metric(`etcd.${name}.met`, outcomes.filter(({ unmet }) => unmet === null).length);
  report.metric(`etcd.${name}.stallP95Ms`, p95);
  report.metric(`etcd.${name}.operations`, outcomes.at(-1)?.operations ?? 0);
  const elsewhere = outcomes.flatMap(({ tookUpElsewhere }) => tookUpElsewhere ?? []);
  if (elsewhere.length > 0) {
    const all = elsewhere.reduce((sum, batches) => sum + batches, 0);
    report.metric(`etcd.${name}.tookUpElsewhere`, all);
    // In a round or two the fault may come when nothing is due.
    if (elsewhere.length >= SEVERAL) report.check(`${name}: those who have the log go on`, all > 0);
  }
  if (name !== 'leader-killed') return;
  report.metric('etcd.leaderKillStallP95Ms', p95);
  report.check(
    `${name}: the log stands still for less than ${LEADER_KILL_STALL_MS} ms`,
    p95 < LEADER_KILL_STALL_MS,
    `${p95} ms`,
  );
}

async function playAll(names: readonly string[], size: Size, report: Report, options: RunOptions): Promise<void> {
  report.check('this process may make network namespaces (root, iproute2)', Wires.possible());
  if (!Wires.possible()) return;
  const rounds = Number(options['rounds'] ?? (size === 'full' ? ROUNDS : ROUNDS_OF_SLICE));
  if (!Number.isSafeInteger(rounds) || rounds < 1)
    throw new Error(`--rounds ${options['rounds']} is no number of rounds`);
  for (const name of names) {
    const fault = FAULTS[name];
    if (fault === undefined) throw new Error(`no fault ${name}; there are ${Object.keys(FAULTS).join(', ')}`);
    try {
      await play(name, fault, rounds, report);
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      // The others are played all the same.
      const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
      report.check(`${name}: runs to its end`, false, what);
    }
  }
}

/**
 * Five node processes on three members of etcd, each in a network namespace of its own, and what may befall them. Needs an installed
 * etcd and the rights of root.
 */
export const etcd: Suite = {
  name: 'etcd',
  options: ['rounds', 'faults'],
  parts: Object.keys(FAULTS).map((name) => ({
    name: `etcd/${name}`,
    run: (size, report, options) => playAll([name], size, report, options),
  })),
  run: (size, report, options) => playAll(options['faults']?.split(',') ?? Object.keys(FAULTS), size, report, options),
};
