import { planOf, simulate } from '@canswarm/simulator';
import { figure } from '../measure.ts';
import type { Metrics } from '../metrics.ts';

/** The first seed in whose plan every kind of fault happens. */
const SEED = 82;

export interface Size {
  readonly nodes: number;
  readonly needs: number;
}

/**
 * A run with all faults: virtual seconds for one of the machine, and needs settled in a minute of it. `coreSeconds` is processor time of all
 * threads of the process, collector of garbage included, and no other load of the machine changes it much. Throws where a property broke.
 */
export async function simBench({ nodes, needs }: Size, say: (line: string) => void): Promise<Metrics> {
  const before = process.cpuUsage();
  const run = await simulate(planOf({ seed: SEED, mode: 'swarm', nodes, needs }));
  const { user, system } = process.cpuUsage(before);
  if (!run.passed) throw new Error(`seed ${SEED} broke a property: ${JSON.stringify(run.faults)}`);
  say(`sim: ${nodes} nodes, ${needs} needs, ${run.entries} entries, ${run.steps} events, trace ${run.traceHash}`);
  return {
    'sim.nodes': nodes,
    'sim.needs': needs,
    'sim.secondsPerSecond': figure(run.simulatedSeconds / run.realSeconds),
    'sim.needsPerMinute': figure((60 * needs) / run.realSeconds),
    'sim.seconds': figure(run.realSeconds),
    'sim.coreSeconds': figure((user + system) / 1_000_000),
  };
}
