import type { Challenge, ChallengeRequest, Challenges, JudgementRequest, NeedRecord } from '@canswarm/api';
import type { NodeClient } from 'canswarm';
import { Argument, Option } from 'commander';
import { challengeText } from '../challenge/challenge-text.ts';
import { untilOver } from '../challenge/until-over.ts';
import { CliFailure, EXIT, type ExitCode } from '../failure.ts';
import type { Io } from '../io.ts';
import { clientOf, onNode, outcomeOf } from '../money/own-key.ts';
import { actingNode, canPay } from '../network/acting-node.ts';
import { clientFor, type NetworkFlags, openNetwork } from '../network/open-network.ts';
import { wholeNumber } from '../plain-options.ts';
import { report } from '../report.ts';
import { creditsOf, safe, short, table } from '../text.ts';
import { examples, type Register } from './command.ts';

const CLASSES = [
  'wrong_output',
  'unavailable',
  'semantic_contradiction',
  'schema_violation',
  'missing_citation',
  'policy_violation',
] as const satisfies readonly ChallengeRequest['class'][];
const PROVED: readonly string[] = ['schema_violation', 'missing_citation', 'policy_violation'];
const VERDICTS = ['uphold', 'dismiss', 'undecidable'] as const satisfies readonly JudgementRequest['verdict'][];
const ID = ['<challenge>', 'the challenge, by its id or the end of it'] as const;
const NO_WAIT = ['--no-wait', 'do not wait for the outcome'] as const;
const BY = ['--by <key>', 'who says it, by name or did: the requester of the node without it'] as const;

interface By extends NetworkFlags {
  readonly by?: string;
}

interface OpenFlags extends By {
  readonly class: ChallengeRequest['class'];
  readonly output: number;
  readonly key: string;
  readonly wait: boolean;
}

interface JudgeFlags extends NetworkFlags {
  readonly by: string;
  readonly reason?: readonly string[];
}

export const challengeCommand: Register = (program, io, done) => {
  const challenge = program
    .command('challenge')
    .summary('say that a result is false, and have it decided')
    .description(
      'Results are open to challenge for a while after their seats passed them. Nodes whose agents inspect results challenge what they find false by themselves. What no block proves is decided by a jury of verifiers that did not judge it, or by arbiters that the network names.',
    );
  onNode(challenge.command('list').summary('results that can be challenged, and live challenges'))
    .addHelpText('after', examples('challenge list', 'challenge list --json'))
    .action(async (options: NetworkFlags) => done(await list(io, options)));
  onNode(
    challenge
      .command('show')
      .summary('a challenge from its seal to the last word')
      .argument(...ID),
  )
    .addHelpText('after', examples('challenge show q4k7xa', 'challenge show q4k7xa --json'))
    .action(async (id: string, options: NetworkFlags) => done(await show(io, id, options)));
  onNode(
    challenge
      .command('open')
      .summary('challenge the result of a need')
      .description(
        'Challenges the result of a need that its seats passed. Says what that costs, seals, has the node open it, and waits for the outcome. The bond comes back when the challenge is upheld, and is lost when it is dismissed.',
      )
      .argument('<need>', 'the need, by its id or the end of it')
      .addOption(new Option('--class <class>', 'what is wrong').choices(CLASSES).makeOptionMandatory())
      .option('--output <n>', 'which output of the result, from 0', wholeNumber(0, 15), 0)
      .option(
        '--key <key>',
        'which record of that output; a proof about a record needs it, all else is about the whole result',
        '',
      )
      .option(...BY)
      .option(...NO_WAIT),
  )
    .addHelpText(
      'after',
      examples(
        'challenge open q4k7xa --class wrong_output',
        'challenge open q4k7xa --class missing_citation --key s/0001',
        'challenge open q4k7xa --class policy_violation',
        'challenge open q4k7xa --class unavailable --by bystander --no-wait --json',
      ),
    )
    .action(async (need: string, options: OpenFlags) => done(await open(io, need, options)));
  decidingCommands(challenge, io, done);
};

const decidingCommands: Register = (challenge, io, done) => {
  onNode(
    challenge
      .command('judge')
      .summary('say as an arbiter what you find')
      .description(
        'Signs what an arbiter of this home finds of a challenge that is before it. It is said once and cannot be taken back; what a majority of the arbiters says is the last word.',
      )
      .argument(...ID)
      .addArgument(new Argument('<verdict>', 'whether the challenge holds').choices(VERDICTS))
      .requiredOption('--by <key>', 'the arbiter, by name or did')
      .option('--reason <text...>', 'why, for others to read: up to eight, of 256 bytes at most'),
  )
    .addHelpText(
      'after',
      examples(
        'challenge judge q4k7xa uphold --by arbiter-1 --reason "the second file is of another year"',
        'challenge judge q4k7xa undecidable --by arbiter-2',
      ),
    )
    .action(async (id: string, verdict: JudgementRequest['verdict'], options: JudgeFlags) =>
      done(await judge(io, id, verdict, options)),
    );
  onNode(
    challenge
      .command('appeal')
      .summary('have the next instance hear a challenge')
      .description(
        'Appeals a ruling in its period, and waits for the outcome. Says what that costs: the bond is lost when the ruling stands.',
      )
      .argument(...ID)
      .option(...BY)
      .option(...NO_WAIT),
  )
    .addHelpText('after', examples('challenge appeal q4k7xa', 'challenge appeal q4k7xa --by local-worker --no-wait'))
    .action(async (id: string, options: By & { wait: boolean }) => done(await appeal(io, id, options)));
};

async function list(io: Io, options: NetworkFlags): Promise<ExitCode> {
  const client = await clientFor(await openNetwork(io, options), options);
  const all = await client.challenges({ signal: io.signal });
  report(io, options.json === true, all, () => text(all));
  return EXIT.ok;
}

function text({ results, logTime }: Challenges): string {
  if (results.length === 0) return 'No result is open to challenge now.';
  const left = (until: number | null): string => (until === null ? '' : `${((until - logTime) / 1_000).toFixed(1)} s`);
  const rows = results.flatMap(({ commit, needId, name, verdict, closesAt, heldUntil, challenges }) => [
    [
      short(commit),
      short(needId),
      safe(name),
      verdict ?? 'is judged',
      left(closesAt ?? heldUntil),
      closesAt === null && heldUntil !== null ? 'votes only' : '',
    ],
    ...challenges.map((one) => [
      short(one.id),
      one.state,
      safe(one.name),
      one.class,
      left(one.opensBy ?? one.answersBy ?? one.appealBy),
      `${creditsOf(one.bond ?? 0)} at stake`,
    ]),
  ]);
  const drawn = table([['result', 'need', 'by', 'verdict', 'left*', ''], ...rows]);
  return `${drawn}\n* of log time, which goes on only while the log does`;
}

async function show(io: Io, id: string, options: NetworkFlags): Promise<ExitCode> {
  const client = await clientFor(await openNetwork(io, options), options);
  const found = await client.challenge({ id }, { signal: io.signal });
  report(io, options.json === true, found, () => challengeText(found));
  return EXIT.ok;
}

/** The node that speaks, and for whom. */
async function speaker(io: Io, options: By): Promise<{ readonly client: NodeClient; readonly by: string }> {
  if (options.by !== undefined) return { client: await clientOf(io, options.by, options), by: options.by };
  const network = await openNetwork(io, options);
  const client = await actingNode(network, options, canPay);
  const by = network.folder
    .node(client.name)
    .read()
    .agents.find(({ requester }) => requester)?.name;
  if (by !== undefined) return { client, by };
  const what = `the node "${client.name}" has nobody who posts needs`;
  throw new CliFailure(EXIT.usage, 'unknown_key', what, '', 'Say who speaks: --by KEY');
}

async function open(io: Io, need: string, options: OpenFlags): Promise<ExitCode> {
  const { client, by } = await speaker(io, options);
  const call = { signal: io.signal };
  const record = await client.getNeed({ id: need }, call);
  const of = (await client.challenges(call)).results.filter(({ needId }) => needId === record.id);
  const result = of.findLast((one) => one.verdict === 'pass' && !isClosed(one));
  if (result === undefined) throw nothingToChallenge(record, of.at(-1));
  const { class: kind, output, key } = options;
  const proved = PROVED.includes(kind);
  const more = proved ? ', and by the size of the proof what judging it costs' : '';
  io.err.write(`bond: ${creditsOf(proved ? result.bonds.proof : result.bonds.jury)}, of ${safe(by)}${more}\n`);
  const body = { by, commit: result.commit, class: kind, output, key };
  const laid = await client.openChallenge({ body }, call).catch((error: unknown) => {
    throw outcomeOf(error, { verb: 'CHALLENGE', key: by, interrupted: io.signal.aborted });
  });
  return outcome(io, client, laid, options);
}

type Result = Challenges['results'][number];

/** Whether the window of a passed result is over: its seats can still be charged with their votes, the result stands. */
const isClosed = ({ closesAt, heldUntil }: Result): boolean => closesAt === null && heldUntil !== null;

/** Why the last result of a need, if it has any, is not open to challenge. */
function nothingToChallenge({ id, stage, settledAt }: NeedRecord, last: Result | undefined): CliFailure {
  const isLate = settledAt !== null || stage === 'final' || (last?.verdict === 'pass' && isClosed(last));
  const what = isLate
    ? `it is too late to challenge the result of ${safe(short(id))}`
    : `the need ${safe(short(id))} has no result yet that its seats passed`;
  const means = isLate
    ? 'A result can be challenged from when its seats passed it until its window ends; then it is final.'
    : `It stands at: ${stage}.`;
  const todo = `See when that was: canswarm need show ${id}; what can be challenged now: canswarm challenge list`;
  return new CliFailure(EXIT.untrue, isLate ? 'too_late' : 'nothing_to_challenge', what, means, todo);
}

async function appeal(io: Io, id: string, options: By & { wait: boolean }): Promise<ExitCode> {
  const { client, by } = await speaker(io, options);
  const call = { signal: io.signal };
  const found = await client.challenge({ id }, call);
  if (found.appealBond === null) {
    const what = `${safe(short(found.id))} cannot be appealed: ${found.state === 'heard' ? 'no ruling of it is open to appeal' : `it is ${found.state}`}`;
    const todo = `See where it stands: canswarm challenge show ${found.id}`;
    throw new CliFailure(EXIT.untrue, 'appeal_closed', what, '', todo);
  }
  const who = found.appealTo === 'arbiters' ? 'arbiters hear it' : 'a larger jury hears it';
  io.err.write(`bond: ${creditsOf(found.appealBond)}, of ${safe(by)}; ${who}\n`);
  const taken = await client.appealChallenge({ id: found.id, body: { by } }, call).catch((error: unknown) => {
    throw outcomeOf(error, { verb: 'APPEAL', key: by, interrupted: io.signal.aborted });
  });
  return outcome(io, client, taken, options);
}

/** Shows a challenge, once it is over unless nobody waits for that. */
async function outcome(
  io: Io,
  client: NodeClient,
  from: Challenge,
  { wait, json }: { readonly wait: boolean; readonly json?: boolean },
): Promise<ExitCode> {
  const last = wait ? await untilOver(io, client, from) : from;
  report(io, json === true, last, () => challengeText(last));
  return EXIT.ok;
}

async function judge(
  io: Io,
  id: string,
  verdict: JudgementRequest['verdict'],
  { by, reason = [], ...options }: JudgeFlags,
): Promise<ExitCode> {
  const client = await clientOf(io, by, options);
  const body = { by, verdict, reasons: [...reason] };
  const said = await client.judgeChallenge({ id, body }, { signal: io.signal });
  report(io, options.json === true, said, () =>
    [
      `${safe(by)} says ${verdict} in instance ${said.instance}: ${said.id}`,
      `What comes of it: canswarm challenge show ${said.challenge}`,
    ].join('\n'),
  );
  return EXIT.ok;
}
