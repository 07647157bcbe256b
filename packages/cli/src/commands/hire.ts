import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Option } from 'commander';
import { CliFailure, EXIT, type ExitCode } from '../failure.ts';
import { type FileFlags, givenFiles, readGiven, usage } from '../hire/given-files.ts';
import { givenPlan } from '../hire/given-plan.ts';
import { HOME_OPTION } from '../home/home-options.ts';
import type { Io } from '../io.ts';
import { endedText, lostOf } from '../need/ended-text.ts';
import { type Followed, followNeed } from '../need/follow-need.ts';
import { actingNode, canPay, payerOf } from '../network/acting-node.ts';
import { NETWORK_OPTION, type NetworkFlags, NODE_OPTION, openNetwork } from '../network/open-network.ts';
import { amount, duration, OWN_POLICY_OPTION, wholeNumber } from '../plain-options.ts';
import { report } from '../report.ts';
import { creditsOf, cut, indent, oneLine, safe, table } from '../text.ts';
import { examples, JSON_OPTION, type Register } from './command.ts';

interface HireFlags extends NetworkFlags, FileFlags {
  readonly input: string;
  readonly budget?: number;
  readonly deadline?: string;
  readonly goal?: string;
  readonly plan?: string;
  readonly auction?: 'open' | 'sealed';
  readonly sealCap?: number;
  readonly reputation?: number;
  readonly policy?: string;
  readonly out: string;
  readonly includeSources?: boolean;
  readonly idempotencyKey?: string;
}

type Library = Awaited<ReturnType<typeof openNetwork>>['canswarm'];
type HireTerms = Omit<Parameters<Library['hireOn']>[3], 'files'>;

const MICRO = 1_000_000;
const BUDGET = 3;
const VALUE_LINES = 40;
/** Most that is shown of an input that is no JSON. */
const INPUT_CELLS = 60;

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

export const hireCommand: Register = (program, io, done) => {
  program
    .command('hire')
    .summary('hire an agent for work, and get its verified result')
    .description(
      'Posts work for agents that have the skill, with its money in escrow, watches it to its end and writes what comes out of it, with a proof that canswarm verify checks. Speaks to a running node of this home.',
    )
    .argument('<skill>', 'the skill, such as licence-audit')
    .option('--input <json>', 'the input as JSON, or @FILE', '{}')
    .option('--file <[name=]path>', 'a file that goes with the input; may be given again', collect)
    .option('--lockfile <folder>', 'for licence-audit: the project whose package-lock.json is audited')
    .option('--budget <credits>', `most that work and seats may cost (default: ${BUDGET})`, amount)
    .option('--deadline <duration>', 'until when a result must be there, such as 60s or 5m', duration)
    .option('--goal <text>', 'what is wanted, for people')
    .option('--plan <file>', 'JSON: into which tasks planners may divide the work (docs/how-to/divide-work)')
    .option(
      '--reputation <percent>',
      'weight of reputation in the score of bids, of 100; taken from that of the price',
      wholeNumber(0, 80),
    )
    .addOption(
      new Option('--auction <kind>', 'sealed: nobody sees a bid before all are made').choices(['open', 'sealed']),
    )
    .option(
      '--seal-cap <credits>',
      'most the work pays, told when bids are opened (only with --auction sealed)',
      amount,
    )
    .option(...OWN_POLICY_OPTION)
    .option('--out <folder>', 'where the output and its proof go', 'hire-out')
    .option('--include-sources', 'the whole input goes into the proof, not only what is cited')
    .option('--idempotency-key <key>', 'the same key posts the same work once')
    .option(...NODE_OPTION)
    .option(...NETWORK_OPTION)
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      examples(
        'hire table-clean --file shop.csv',
        'hire reconcile --file left=a.csv --file right=b.csv --input \'{"keys":["id"]}\'',
        'hire html-extract --file page.html --input \'{"rows":"tr","fields":[{"name":"price","selector":"td"}]}\'',
        'hire licence-audit --lockfile . --input \'{"deny":["GPL-3.0-only"]}\'',
        'hire word-count --input \'{"text":"to be"}\' --budget 1',
        'hire table-clean --file shop.csv --auction sealed --seal-cap 1.5 --reputation 20',
        'hire total-orders --input @orders.json --plan plan.json --budget 6',
        'hire summarise --input @ask.json --file report=report.pdf --deadline 5m',
      ),
    )
    .action(async (skill: string, options: HireFlags) => done(await hire(io, skill, options)));
};

async function hire(io: Io, skill: string, options: HireFlags): Promise<ExitCode> {
  const network = await openNetwork(io, options);
  const { canswarm } = network;
  const input = inputOf(options.input);
  const given = await givenFiles(io, skill, options, canswarm.gatherLockfile);
  const client = await actingNode(network, options, canPay);
  const offers = canswarm.offersAt(client);
  const desk = new canswarm.ApiDesk(client, async (id) => (await canswarm.bundledOffer(id)) ?? (await offers(id)));
  const refused = (error: unknown): Promise<never> => {
    if (skill === canswarm.BRIEF_SKILL.skill && isUnknownSkill(error)) throw briefInstead();
    return refusal(error, () => canswarm.nearSkill(client, skill));
  };
  const work = await termsOf(options, canswarm)
    .then((asked) => canswarm.hireOn(desk, skill, input, { ...asked, files: given }))
    .catch(refused);
  io.err.write(`need ${work.id}, ${creditsOf(work.escrow)} in escrow, as ${payerOf(network, client.name)}\n`);
  const followed = await followNeed(io, { client, folding: canswarm, id: work.id });
  const end = followed?.end;
  if (followed === null || end === undefined || (end.stage !== 'final' && end.reason === null)) {
    const todo = `Watch it again with: canswarm need watch ${work.id.slice(-8)}`;
    throw new CliFailure(EXIT.interrupted, 'interrupted', 'interrupted', 'The need goes on without you.', todo);
  }
  if (end.stage !== 'final') {
    throw notDone(work.id, end, followed);
  }
  const { value } = await work.output();
  const out = resolve(options.out);
  const includeSources = options.includeSources === true;
  const saved = await canswarm
    .saveResult(client, { id: work.id, out, includeSources, signal: io.signal })
    .catch((error: unknown) => unwritten(work.id, error));
  const output = join(out, 'output.json');
  writeFileSync(output, `${JSON.stringify(value, null, 2)}\n`);
  const files = [output, ...saved.paths];
  const told = { needId: work.id, worker: end.worker, output: value, files, proof: saved.proof };
  report(io, options.json === true, told, () =>
    [
      indent(shown(value)),
      '',
      table([...files, saved.proof].map((path) => ['wrote', safe(path)])),
      '',
      `Next: canswarm verify ${safe(saved.proof)}`,
    ].join('\n'),
  );
  return EXIT.ok;
}

/** What is asked for besides the input. Rejects with a HireError for a plan that is none. */
async function termsOf(options: HireFlags, { planTerms, ownPolicy }: Library): Promise<HireTerms> {
  const { budget, deadline, goal, idempotencyKey, plan, auction, sealCap, reputation, policy } = options;
  const written = plan === undefined ? null : givenPlan(plan);
  return {
    budget: budget === undefined ? BUDGET : budget / MICRO,
    ...(deadline === undefined ? {} : { deadline }),
    ...(goal === undefined ? {} : { goal }),
    ...(written === null ? {} : { plan: planTerms(written.value, written.folder) }),
    ...(auction === undefined ? {} : { auction }),
    ...(sealCap === undefined ? {} : { sealedCap: sealCap / MICRO }),
    ...(reputation === undefined ? {} : { reputation }),
    ...(policy === undefined ? {} : { policy: ownPolicy(policy) }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  };
}

/** Exported for tests: work that came to no result, with why and what to do. */
export function notDone(
  need: string,
  { stage, reason }: Pick<Followed['end'], 'stage' | 'reason'>,
  { hindrances, advice }: Pick<Followed, 'hindrances' | 'advice'>,
): CliFailure {
  const what = `the need ended without a result: ${endedText({ status: stage, reason }, lostOf(hindrances))}`;
  const why = advice.map((one) => `${one.what}.`);
  const todo = [...new Set(advice.map((one) => one.todo).filter((one) => one !== ''))];
  const steps = `See each step with: canswarm need show ${need.slice(-8)}`;
  const back =
    stage === 'cancelled' ? 'Its money does not wait for the deadline: what was not spent' : 'What was not spent';
  const means = [...why, `${back} came back.`].join('\n');
  return new CliFailure(EXIT.untrue, 'not_done', what, means, [...todo, steps].join('\n'));
}

/** The beginning of a value, for people. */
function shown(value: unknown): string {
  const lines = safe(JSON.stringify(value, null, 2))
    .replaceAll('\\x0a', '\n')
    .split('\n');
  const more = lines.length - VALUE_LINES;
  return [...lines.slice(0, VALUE_LINES), ...(more > 0 ? [`... ${more} more lines in output.json`] : [])].join('\n');
}

function inputOf(text: string): unknown {
  const json = text.startsWith('@') ? readGiven(text.slice(1)).toString('utf8') : text;
  try {
    return JSON.parse(json);
  } catch (error) {
    const [at = ''] = /line \d+ column \d+/.exec(error instanceof Error ? error.message : '') ?? [];
    const what = text.startsWith('@') ? `the input in ${text.slice(1)}` : 'the input';
    const shown = text.startsWith('@') ? '' : `: ${cut(oneLine(text), INPUT_CELLS)}`;
    throw usage(
      `${what} is no JSON${at === '' ? '' : ` (${at})`}${shown}`,
      'Give JSON such as \'{"text":"to be"}\', or @FILE.',
    );
  }
}

/** What stands in the way of a result on this disk; what the node says passes through. */
function unwritten(need: string, error: unknown): never {
  if (!(error instanceof Error) || error.name === 'ApiError') throw error;
  const means = 'The work is done and paid for, and the node has its result.';
  const todo = `Have it written elsewhere: canswarm need result ${need} --out FOLDER`;
  throw new CliFailure(EXIT.untrue, 'not_written', `the result is not written: ${safe(error.message)}`, means, todo);
}

const isUnknownSkill = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'unknown_skill';

/** Workers make briefs, of a folder and a question, which no input of this command says. */
function briefInstead(): CliFailure {
  const means = 'Workers of this network make briefs, for a need that says the folder and the question.';
  const todo =
    'Post one with: canswarm need post FOLDER --ask "..." --wait\nOr make one without a network: canswarm brief FOLDER --ask "..."';
  return new CliFailure(EXIT.usage, 'usage', 'a brief is not hired by its skill', means, todo);
}

/** A HireError as the end of the command; known by its name, since the library is loaded late. */
async function refusal(error: unknown, findNear: () => Promise<string | null>): Promise<never> {
  if (!(error instanceof Error && error.name === 'HireError' && 'hint' in error && 'code' in error)) throw error;
  const exit = error.code === 'invalid_input' ? EXIT.usage : EXIT.untrue;
  const near = error.code === 'unknown_skill' ? await findNear() : null;
  const meant = near === null ? '' : `Did you mean "${near}"? `;
  throw new CliFailure(exit, String(error.code), safe(error.message), '', safe(`${meant}${String(error.hint)}`));
}
