import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { plantedBy, sourcesOf } from './list.ts';

/* Runs seeds on a network whose law has a bug, until the checker of the property that must find it does. Plain Node; arguments: the bug, and
 * how many seeds at most. Prints what was found as JSON. */

const NEEDS = 8;
/** Between two acts of an actor that a bug asks for. */
const ACTS_MS = { min: 300, max: 1_200 };
/** No other seed is begun after so much time of a processor, microseconds. */
const WORK_US = 600_000_000;
/** Half of all results are wrong, and passed at first: of those that are right there are enough in any run. */
const WRONG = { wrongEvery: 2, passedOverPercent: 100 };

const [id = '', most = '1'] = process.argv.slice(2);
const planted = await plantedBy(id);
const sources = sourcesOf(planted);
const loaded = new Set<string>();
registerHooks({
  load(url, context, next) {
    const source = sources.get(url);
    if (source === undefined) return next(url, context);
    loaded.add(url);
    return { format: 'module', shortCircuit: true, source: stripTypeScriptTypes(source) };
  },
});
const { planOf, simulate } = await import('../../src/index.ts');
const missing = [...sources.keys()].find((url) => !loaded.has(url));
if (missing !== undefined) throw new Error(`${id}: the simulator does not load ${missing}`);

const { actor, ...wanted } = planted.workload ?? {};
const others = new Set<string>();
let tried = 0;
let found: { readonly seeds: number; readonly detail: string } | null = null;
for (let seed = 1; seed <= Number(most) && found === null && process.cpuUsage().user < WORK_US; seed += 1) {
  tried = seed;
  const plan = planOf({ seed, mode: 'swarm', needs: NEEDS, ...wanted });
  const actors = actor === undefined ? plan.actors : [{ kind: actor, fromMs: 0, everyMs: ACTS_MS }];
  const { faults } = await simulate({ ...plan, ...WRONG, actors });
  const fault = faults.find(({ property }) => property === planted.property);
  if (fault !== undefined) found = { seeds: seed, detail: fault.detail };
  for (const { property } of faults) others.add(property);
}
console.log(JSON.stringify({ id, property: planted.property, found, tried, others: [...others] }));
process.exit(0);
