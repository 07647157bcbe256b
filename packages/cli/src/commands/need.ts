import { basename, resolve } from 'node:path';
import type { NeedRecord, NeedStory } from '@canswarm/api';
import type { NodeClient } from 'canswarm';
import { type Command, Option } from 'commander';
import { requireAsked } from '../brief/asked.ts';
import { NOTHING_FOUND, quotesFound } from '../brief/quotes-found.ts';
import { CliFailure, EXIT, type ExitCode } from '../failure.ts';
import { HOME_OPTION } from '../home/home-options.ts';
import { columnsOf, type Io, painter } from '../io.ts';
import { endedText, lostOf } from '../need/ended-text.ts';
import { followNeed } from '../need/follow-need.ts';
import { rendered } from '../need/line.ts';
import { adviceLines, timelineOf, timelineText } from '../need/timeline.ts';
import { seenOutlook } from '../need/view-event.ts';
import { actingNode, canPay, payerOf } from '../network/acting-node.ts';
import {
  clientFor,
  NETWORK_OPTION,
  type NetworkFlags,
  NODE_OPTION,
  type OpenNetwork,
  openNetwork,
} from '../network/open-network.ts';
import { amount, OWN_POLICY_OPTION, wholeNumber } from '../plain-options.ts';
import { report } from '../report.ts';
import { bytes, count, credits, creditsOf, cut, indent, oneLine, safe, table } from '../text.ts';
import { examples, JSON_OPTION, type Register } from './command.ts';

interface PostFlags extends NetworkFlags {
  readonly ask: string;
  readonly max: number;
  readonly cap?: number;
  readonly seatFee?: number;
  readonly reputation?: number;
  readonly trial?: boolean;
  readonly sponsored?: boolean;
  readonly auction?: 'open' | 'sealed';
  readonly sealCap?: number;
  readonly policy?: string;
  readonly wait?: boolean;
  readonly idempotencyKey?: string;
}

interface ResultFlags extends NetworkFlags {
  readonly out: string;
  readonly includeSources?: boolean;
}

const STATEMENTS = 12;
const STATEMENTS_MAX = 64;
/** What a brief is offered when nothing is said, micro-credits. */
const CAP = 2_000_000;
const SEAT_FEE = 100_000;
/** Of a trial, and seat fees that a sponsored one may cost at most. */
const TRIAL_CAP = 400_000;
const SPONSORED_FEES = 4;
const COLUMNS = 100;
type Done = Parameters<Register>[2];

export const needCommand: Register = (program, io, done) => {
  const need = program
    .command('need')
    .summary('post work, watch it, get the result')
    .description('Needs: work that somebody pays for. Commands speak to a running node of this home.')
    .addHelpText(
      'after',
      examples(
        'need post docs --ask "Who signs releases?"',
        'need list',
        'need watch q4k7xa',
        'need show q4k7xa',
        'need result q4k7xa --out out',
      ),
    );
  registerPost(need, io, done);
  registerLooks(need, io, done);
  registerEnds(need, io, done);
};

const onNode = (command: Command): Command =>
  command
    .option(...NODE_OPTION)
    .option(...NETWORK_OPTION)
    .option(...HOME_OPTION)
    .option(...JSON_OPTION);

function registerPost(need: Command, io: Io, done: Done): void {
  onNode(
    need
      .command('post')
      .summary('post a need for a cited brief over a folder')
      .description(
        'Posts a need: a cited brief over the documents of a folder. Its money goes into escrow; what is not spent comes back.',
      )
      .argument('<folder>', 'the documents')
      .requiredOption('--ask <question>', 'what to answer')
      .option('--max <n>', 'most quotes', wholeNumber(1, STATEMENTS_MAX), STATEMENTS)
      .option('--cap <credits>', `most the work may cost (default: ${credits(CAP)})`, amount)
      .option('--seat-fee <credits>', `fee of each seat that judges (default: ${credits(SEAT_FEE)})`, amount)
      .option(
        '--reputation <percent>',
        'weight of reputation in the score of bids, of 100; taken from that of the price',
        wholeNumber(0, 80),
      )
      .option(
        '--trial',
        `a small need for newcomers: its worker needs no bond, and costs ${credits(TRIAL_CAP)} at most when nothing is said`,
      )
      .option('--sponsored', 'a trial whose work the fund of the network pays for')
      .addOption(
        new Option('--auction <kind>', 'sealed: nobody sees a bid before all are made').choices(['open', 'sealed']),
      )
      .option(
        '--seal-cap <credits>',
        'most it pays, at most --cap; told when bids are opened (only with --auction sealed)',
        amount,
      )
      .option(...OWN_POLICY_OPTION)
      .option('--idempotency-key <key>', 'posts it once, however often this is run with the same key within a day')
      .option('--wait', 'watch it to its end'),
  )
    .addHelpText(
      'after',
      examples(
        'need post docs --ask "Who signs releases?"',
        'need post docs --ask "..." --cap 1.5 --wait',
        'need post docs --ask "..." --auction sealed --cap 2 --seal-cap 1.5',
        'need post docs --ask "..." --policy stays-in-eu',
      ),
    )
    .action(async (folder: string, options: PostFlags) => done(await post(io, folder, options)));
}

function registerLooks(need: Command, io: Io, done: Done): void {
  onNode(
    need
      .command('list')
      .summary('needs of the network, newest first')
      .description('Lists the needs that the node knows, newest first.'),
  )
    .addHelpText('after', examples('need list', 'need list --json'))
    .action(async (options: NetworkFlags) => done(await list(io, options)));
  onNode(
    need
      .command('watch')
      .summary('what happened to a need, and what happens')
      .description(
        'Shows a need of any kind while it lives: bids, votes, who has the task and until when, the challenge window, the money. Goes on until its last seat is paid; on no terminal it tells line by line. With --json each event is one line, before the last. Exit 0: it has a final result.',
      )
      .argument('<id>', 'the need, or the last six or more characters of its id'),
  )
    .addHelpText('after', examples('need watch q4k7xa', 'need watch q4k7xa --json', 'need watch q4k7xa 2>&1 | tee log'))
    .action(async (id: string, options: NetworkFlags) => done(await follow(io, id, options)));
  onNode(
    need
      .command('show')
      .summary('every step of a need, with its money; and what stands in its way')
      .description(
        'Shows what happened to a need so far: each step with its position in the log, the time since it was posted, who did it and what money moved. When it has no result it says why, and what can be done.',
      )
      .argument('<id>', 'the need, or the last six or more characters of its id'),
  )
    .addHelpText('after', examples('need show q4k7xa', 'need show q4k7xa --json'))
    .action(async (id: string, options: NetworkFlags) => done(await show(io, id, options)));
}

function registerEnds(need: Command, io: Io, done: Done): void {
  onNode(
    need
      .command('cancel')
      .summary('take a need back')
      .description('Takes a need back while nobody works on it; the rest of its money comes back.')
      .argument('<id>', 'the need, or the end of its id'),
  )
    .addHelpText('after', examples('need cancel q4k7xa'))
    .action(async (id: string, options: NetworkFlags) => done(await cancel(io, id, options)));
  onNode(
    need
      .command('result')
      .summary('the final result, with its proof')
      .description(
        'Writes the result of a need whose last seat is paid: result.json, brief.md or report.md, files, and proof/.',
      )
      .argument('[id]', 'the need, or the end of its id (default: the newest that is done)')
      .option('--out <folder>', 'where to', 'brief-out')
      .option('--include-sources', 'the whole input goes into the proof, not only what is cited'),
  )
    .addHelpText('after', examples('need result', 'need result q4k7xa --out out', 'verify out/proof'))
    .action(async (id: string | undefined, options: ResultFlags) => done(await result(io, id, options)));
}

async function post(io: Io, folder: string, options: PostFlags): Promise<ExitCode> {
  requireAsked('canswarm need post', folder, options.ask);
  const network = await openNetwork(io, options);
  const { ownPolicy, storeOwnPolicy } = network.canswarm;
  const own = options.policy === undefined ? null : ownPolicy(options.policy);
  const client = await actingNode(network, options, canPay);
  const {
    ask: question,
    max: maxStatements,
    seatFee = SEAT_FEE,
    reputation,
    auction,
    sealCap,
    idempotencyKey,
  } = options;
  const trial =
    options.sponsored === true ? ('sponsored' as const) : options.trial === true ? ('funded' as const) : undefined;
  const trialCap = trial === 'sponsored' ? Math.min(TRIAL_CAP, SPONSORED_FEES * seatFee) : TRIAL_CAP;
  const { cap: priceCap = trial === undefined ? CAP : trialCap } = options;
  const body = {
    folder: resolve(folder),
    question,
    maxStatements,
    priceCap,
    seatFee,
    ...(reputation === undefined ? {} : { reputationBps: 100 * reputation }),
    ...(trial === undefined ? {} : { trial }),
    ...(auction === undefined ? {} : { auction }),
    ...(sealCap === undefined ? {} : { sealedCap: sealCap }),
    ...(own === null ? {} : { policy: await storeOwnPolicy(client, own) }),
  };
  const posted = await client.postBrief({ body, idempotencyKey }, { signal: io.signal });
  const whose = `as ${payerOf(network, client.name)}`;
  if (options.wait === true) {
    io.err.write(`need ${posted.needId} ${whose}\n`);
    return followOn(io, network, posted.needId, { ...options, node: client.name }, false);
  }
  report(io, options.json === true, posted, () =>
    [
      `${posted.needId}`,
      `${count(posted.documents, 'document')}, ${bytes(posted.bytes)}; ${creditsOf(posted.escrow)} in escrow, ${whose}`,
      `Watch it with: canswarm need watch ${shortOf(posted.needId)}`,
    ].join('\n'),
  );
  return EXIT.ok;
}

const shortOf = (id: string): string => id.slice(-8);

async function list(io: Io, options: NetworkFlags): Promise<ExitCode> {
  const network = await openNetwork(io, options);
  const needs = await (await clientFor(network, options)).allNeeds();
  report(io, options.json === true, { needs }, () => {
    if (needs.length === 0) return 'No needs yet. Post one with: canswarm need post FOLDER --ask "..."';
    const columns = Math.max(60, columnsOf(io.out, COLUMNS));
    const rows = needs.map((need) => [
      shortOf(need.id),
      stageOf(need),
      cut(oneLine(need.body.goal ?? need.body.skill), columns - 40),
    ]);
    return table([['need', 'stage', 'question'], ...rows]);
  });
  return EXIT.ok;
}

function stageOf({ stage, settledAt, reason }: NeedRecord): string {
  if (stage === 'final') return settledAt === null ? 'final, seats unpaid' : 'final';
  return reason === null ? stage : `${stage}: ${reason}`;
}

async function follow(io: Io, id: string, options: NetworkFlags): Promise<ExitCode> {
  return followOn(io, await openNetwork(io, options), id, options, options.json === true);
}

/** Tells a need's story until it is settled; the exit code says whether it has a final result. */
async function followOn(
  io: Io,
  network: OpenNetwork,
  id: string,
  options: NetworkFlags,
  asEvents: boolean,
): Promise<ExitCode> {
  const client = await clientFor(network, options);
  const followed = await followNeed(io, { client, folding: network.canswarm, id, asEvents });
  const end = followed?.end;
  if (followed === null || end === undefined || (end.settledAt === null && end.reason === null)) throw interrupted(id);
  const final = end.stage === 'final';
  const told = final ? end : { ...end, hindrances: followed.hindrances };
  report(io, options.json === true, told, () => {
    if (final) return `final. Get it with: canswarm need result ${shortOf(end.needId)}`;
    const paint = painter(io, io.out);
    const columns = columnsOf(io.out, COLUMNS);
    const why = followed.advice.flatMap((one) => adviceLines(one, columns));
    return [
      paint(
        'red',
        `ended without a result: ${endedText({ status: end.stage, reason: end.reason }, lostOf(followed.hindrances))}`,
      ),
      ...why.map((line) => rendered(line, columns, paint)),
    ].join('\n');
  });
  return final ? EXIT.ok : EXIT.untrue;
}

const interrupted = (id: string): CliFailure =>
  new CliFailure(
    EXIT.interrupted,
    'interrupted',
    'interrupted',
    'The need goes on without anybody watching it.',
    `Watch it again with: canswarm need watch ${shortOf(safe(id))}`,
  );

async function show(io: Io, id: string, options: NetworkFlags): Promise<ExitCode> {
  const network = await openNetwork(io, options);
  const client = await clientFor(network, options);
  const story = await wholeStory(client, id);
  const { policy: capsule } = story.record.body;
  const name = capsule === undefined ? null : await network.canswarm.capsuleName(client, capsule);
  const timeline = timelineOf(story, network.canswarm, name);
  const { record, escrow, complete, outlook } = story;
  const { bids, votes, lease, hindrances } = seenOutlook(outlook);
  const told = {
    needId: record.id,
    ...record,
    policy: timeline.policy,
    escrow,
    complete,
    money: timeline.sheet.money,
    attempts: timeline.sheet.attempts,
    steps: timeline.steps.map(({ remarks: _, ...step }) => step),
    bids,
    votes,
    lease,
    hindrances,
  };
  report(io, options.json === true, told, () =>
    timelineText(story, timeline, columnsOf(io.out, COLUMNS), painter(io, io.out)),
  );
  return EXIT.ok;
}

/** A story as far as it goes, page by page. */
async function wholeStory(client: Awaited<ReturnType<typeof clientFor>>, id: string): Promise<NeedStory> {
  let story = await client.needStory({ id });
  while (story.next !== null) {
    const more = await client.needStory({ id, after: story.next });
    story = { ...more, complete: story.complete, entries: [...story.entries, ...more.entries] };
  }
  return story;
}

async function cancel(io: Io, id: string, options: NetworkFlags): Promise<ExitCode> {
  const network = await openNetwork(io, options);
  const answer = await (await actingNode(network, options, canPay)).cancelNeed({ id });
  report(
    io,
    options.json === true,
    answer,
    () => `${answer.needId} is being taken back; see: canswarm need watch ${shortOf(answer.needId)}`,
  );
  return EXIT.ok;
}

/** The newest need whose last seat is paid. */
async function newestDone(client: NodeClient): Promise<string> {
  const done = (await client.allNeeds()).find(({ stage, settledAt }) => stage === 'final' && settledAt !== null);
  if (done !== undefined) return done.id;
  const todo = 'See where needs stand: canswarm need list';
  throw new CliFailure(EXIT.untrue, 'not_final', 'no need has a final result', 'Nothing was written.', todo);
}

async function result(io: Io, id: string | undefined, options: ResultFlags): Promise<ExitCode> {
  const network = await openNetwork(io, options);
  const client = await clientFor(network, options);
  const written = await network.canswarm.saveResult(client, {
    id: id ?? (await newestDone(client)),
    out: resolve(options.out),
    includeSources: options.includeSources === true,
    signal: io.signal,
  });
  const isBrief = basename(written.briefPath) === 'brief.md';
  const quotes = written.best.map(({ quote, path, line }) => `${cut(oneLine(quote), 100)}\n  ${safe(path)}:${line}`);
  report(io, options.json === true, written, () =>
    [
      ...(isBrief
        ? [quotesFound(written.statements), indent(written.statements === 0 ? NOTHING_FOUND : quotes.join('\n')), '']
        : []),
      table([
        [isBrief ? 'brief' : 'report', safe(written.briefPath)],
        ['result', safe(written.resultPath)],
        ['proof', safe(written.proof)],
      ]),
      '',
      `Next: canswarm verify ${safe(written.proof)}`,
    ].join('\n'),
  );
  return EXIT.ok;
}
