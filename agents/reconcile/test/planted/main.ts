/**
 * Plants wrong results and prints how many of each kind the check finds.
 *
 *   npm run planted -w agents/reconcile -- [how many, 2000 unless said] [seed]
 */
import { plantAll } from './plant-all.ts';
import { realTables } from './real-tables.ts';

const count = Number(process.argv[2] ?? 2000);
const seed = Number(process.argv[3] ?? 1);
const { tallies, honest, falseAlarms, missed } = await plantAll(
  count,
  seed,
  realTables().map(({ input }) => input),
);
const share = (caught: number, planted: number): string =>
  planted === 0 ? 'none planted' : `${((100 * caught) / planted).toFixed(1)} %`;
console.log('| kind | planted | caught | share |\n| --- | --- | --- | --- |');
for (const { kind, planted, caught } of tallies)
  console.log(`| ${kind} | ${planted} | ${caught} | ${share(caught, planted)} |`);
const [planted, caught] = [
  tallies.reduce((sum, one) => sum + one.planted, 0),
  tallies.reduce((sum, one) => sum + one.caught, 0),
];
console.log(`| all | ${planted} | ${caught} | ${share(caught, planted)} |`);
console.log(`honest results: ${honest}, refused: ${falseAlarms.length}`);
for (const line of [...falseAlarms, ...missed.slice(0, 20)]) console.log(line.slice(0, 300));
if (falseAlarms.length > 0 || missed.length > 0) process.exitCode = 1;
