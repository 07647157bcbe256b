/** Prints how many planted wrong results the check catches: `npm run planted -w agents/html-extract [-- HOW_MANY SEED]`. */
import { falseAlarms, measure } from './measure.ts';

const [total = 2_000, seed = 1] = process.argv.slice(2).map(Number);
const rows = await measure(total, seed);
console.log('| kind | planted | caught | rate |\n| --- | --- | --- | --- |');
for (const { kind, planted, caught } of rows)
  console.log(`| ${kind} | ${planted} | ${caught} | ${((100 * caught) / planted).toFixed(1)} % |`);
const [planted, caught] = [
  rows.reduce((sum, row) => sum + row.planted, 0),
  rows.reduce((sum, row) => sum + row.caught, 0),
];
console.log(`| all | ${planted} | ${caught} | ${((100 * caught) / planted).toFixed(1)} % |`);
console.log(`\nfalse alarms on honest results: ${(await falseAlarms()).length}`);
process.exitCode = caught === planted ? 0 : 1;
