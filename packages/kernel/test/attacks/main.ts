/**
 * The attacks command: each scenario against the law, with what the attackers gained or lost.
 *
 *   npm run -s attacks -- --json
 *   npm run -s attacks -- winning-then-stalling
 *   npm run -s attacks -- --unguarded --json
 *
 * `--unguarded` plays those that name what stops them against a law without it: each must succeed then.
 */
import { plantedLaw } from '../property/planted/load.ts';
import { attacks, isHeld, play } from './play.ts';

const CREDIT = 1_000_000;
const args = process.argv.slice(2);
const named = args.filter((arg) => !arg.startsWith('--'));
const all = await attacks();
const unknown = named.find((name) => !all.has(name));
if (unknown !== undefined) {
  console.error(`no attack ${unknown}; there are ${[...all.keys()].join(', ')}`);
  process.exit(2);
}
const chosen = [...all].filter(([name]) => named.length === 0 || named.includes(name));
if (args.includes('--unguarded')) {
  let failed = 0;
  let total = 0;
  for (const [name, attack] of chosen) {
    if (attack.unguarded === undefined) continue;
    total += 1;
    const law = await plantedLaw({ id: name, property: '', edits: attack.unguarded });
    const one = play(name, attack, law);
    const succeeds = !isHeld(one);
    if (!succeeds) failed += 1;
    console.error(
      `${succeeds ? 'ok  ' : 'FAIL'} ${name} without its rule: ${one.fault ?? `+${one.profit / CREDIT} credits`}`,
    );
  }
  const unguarded = { 'attacks.unguarded': total, 'attacks.succeeding': total - failed };
  console.log(JSON.stringify({ suite: 'attacks', metrics: unguarded, passed: total - failed, failed }));
  process.exit(failed === 0 ? 0 : 1);
}
const played = chosen.map(([name, one]) => play(name, one));
for (const one of played) {
  const { name, must, profit, fault, limit } = one;
  const came = `${profit > 0 ? '+' : ''}${profit / CREDIT} credits`;
  const why = fault ?? limit;
  console.error(`${isHeld(one) ? 'held' : 'FAIL'} ${name}: ${must}, ${came}${why === null ? '' : `: ${why}`}`);
}
const profitable = played.filter(({ must, profit, limit }) => must === 'unprofitable' && profit > 0 && limit === null);
const metrics = {
  'attacks.total': played.length,
  'attacks.profitable': profitable.length,
  'attacks.knownLimits': played.filter(({ limit }) => limit !== null).length,
};
const failed = played.filter((one) => !isHeld(one)).length;
console.log(JSON.stringify({ suite: 'attacks', metrics, passed: played.length - failed, failed }));
process.exitCode = failed === 0 ? 0 : 1;
