import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { plantedBy, sourcesOf } from './list.ts';

/* Runs seeds on a network whose law has a bug, until the checker of the property that must find it does. Plain Node; arguments: the bug, and
 * how many seeds at most. Prints what was found as JSON. */

const NEEDS = 8;
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

const others = new Set<string>();
let found: { readonly seeds: number; readonly detail: string } | null = null;
for (let seed = 1; seed <= Number(most) && found === null; seed += 1) {
  const { faults } = await simulate({ ...planOf({ seed, mode: 'swarm', needs: NEEDS }), ...WRONG });
  const fault = faults.find(({ property }) => property === planted.property);
  if (fault !== undefined) found = { seeds: seed, detail: fault.detail };
  for (const { property } of faults) others.add(property);
}
console.log(JSON.stringify({ id, property: planted.property, found, others: [...others] }));
process.exit(0);
