/** How many wrong results of a kind were planted, and how many of them the check found. */
export interface Tally {
  readonly kind: string;
  readonly planted: number;
  readonly caught: number;
}

/** What came of planting wrong results in honest ones. */
export interface Planted {
  readonly tallies: readonly Tally[];
  /** Honest results that were judged. */
  readonly honest: number;
  /** Why any of them was refused. */
  readonly falseAlarms: readonly string[];
  /** Wrong results that passed, for people. */
  readonly missed: readonly string[];
}

const HOW_MANY = 2_000;
const LINES_MAX = 20;
const LINE_CHARS = 300;

/**
 * The command `planted` of an agent, with arguments `[HOW_MANY] [SEED] [--json]`: plants, prints what came of it, and gives the exit code.
 */
export async function tellPlanted(
  args: readonly string[],
  plant: (count: number, seed: number) => Promise<Planted>,
): Promise<0 | 1> {
  const [count = HOW_MANY, seed = 1] = args.filter((arg) => !arg.startsWith('--')).map(Number);
  const { tallies, honest, falseAlarms, missed } = await plant(count, seed);
  const sum = (part: 'planted' | 'caught'): number => tallies.reduce((total, tally) => total + tally[part], 0);
  const all: Tally = { kind: 'all', planted: sum('planted'), caught: sum('caught') };
  console.log('| kind | planted | caught | rate |\n| --- | --- | --- | --- |');
  for (const tally of [...tallies, all])
    console.log(`| ${tally.kind} | ${tally.planted} | ${tally.caught} | ${percent(tally)} |`);
  console.log(`\nhonest results: ${honest}, refused: ${falseAlarms.length}`);
  for (const line of [...falseAlarms, ...missed].slice(0, LINES_MAX)) console.log(line.slice(0, LINE_CHARS));
  const { planted, caught } = all;
  const rate = planted === 0 ? 0 : caught / planted;
  if (args.includes('--json'))
    console.log(JSON.stringify({ planted, caught, rate, falseAlarms: falseAlarms.length, honest }));
  return rate === 1 && falseAlarms.length === 0 && tallies.every((tally) => tally.planted > 0) ? 0 : 1;
}

const percent = ({ planted, caught }: Tally): string =>
  planted === 0 ? 'none planted' : `${((100 * caught) / planted).toFixed(1)} %`;
