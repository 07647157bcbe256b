import { CliFailure, EXIT } from '../failure.ts';
import { HOME_OPTION } from '../home/home-options.ts';
import { type Io, painter } from '../io.ts';
import { loadCanswarm } from '../load.ts';
import { openLog } from '../network/open-log.ts';
import { clientFor, NETWORK_OPTION, type NetworkFlags, NODE_OPTION, openNetwork } from '../network/open-network.ts';
import { reasonLines } from '../policy/policy-text.ts';
import { report } from '../report.ts';
import { count, credits, indent, safe, safeLines, table } from '../text.ts';
import { examples, JSON_OPTION, type Register } from './command.ts';

interface Options extends NetworkFlags {
  readonly proof?: string;
  readonly policy?: string;
  readonly json?: boolean;
}

type Canswarm = Awaited<ReturnType<typeof loadCanswarm>>;
type Explained = ReturnType<Canswarm['explain']>;
type Explanation = Extract<Explained, { ok: true }>['explanation'];
type Measured = Explanation['measured'][number];
/** What a seat measured, and what the need's own policy says of it: null where it has none. */
type Asked = Measured & {
  readonly needPolicy: Awaited<ReturnType<Canswarm['askNeedPolicy']>> | { readonly away: string } | null;
};

export const explainCommand: Register = (program, io, done) => {
  program
    .command('explain')
    .summary('why one entry of a log did what it did')
    .description(
      'Says which rule judged an entry, what the policy of the network said of it and why, which precondition failed and by which numbers, what it changed and what it moved. Amounts that were said, judged by and changed are micro-credits, as the log has them; what moved is in credits.',
    )
    .argument('<entry>', 'position in the log, counted from 1, or id')
    .option('--proof <folder>', 'the proof folder, or its audit.jsonl; without it the running node is asked')
    .option(
      '--policy <folder>',
      'where a need has a policy of its own: that, to ask it again; without it the node is asked for it',
    )
    .option(...NODE_OPTION)
    .option(...NETWORK_OPTION)
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      examples('explain 12', 'explain 12 --proof brief-out/proof', 'explain bafyrei... --proof brief-out/proof --json'),
    )
    .action(async (which: string, options: Options) => done(await explainEntry(io, which, options)));
};

async function explainEntry(io: Io, which: string, options: Options): Promise<0> {
  const { proof, json = false } = options;
  const canswarm = await loadCanswarm();
  const { explain, localCrypto } = canswarm;
  const crypto = localCrypto();
  const log = await openLog(io, proof ?? null, options);
  const named = /^[0-9]{1,15}$/.test(which) ? Number(which) : which;
  const explained = explain(log.genesis, log.entries, named, { crypto });
  if (!explained.ok) throw failureOf(explained, which);
  const { explanation } = explained;
  const measured = await askedAgain(io, canswarm, explanation.measured, options);
  report(io, json, { ...explanation, measured }, () => describe(io, explanation, measured));
  return EXIT.ok;
}

/** What the needs' own policies say of what seats measured. */
async function askedAgain(
  io: Io,
  { askNeedPolicy, folderBlocks, nodeBlocks }: Canswarm,
  votes: readonly Measured[],
  { proof, policy, ...options }: Options,
): Promise<readonly Asked[]> {
  if (votes.every(({ ofNeed }) => ofNeed === null)) return votes.map((vote) => ({ ...vote, needPolicy: null }));
  const source =
    policy !== undefined
      ? folderBlocks(policy)
      : proof === undefined
        ? nodeBlocks(await clientFor(await openNetwork(io, options), options))
        : null;
  const away = { away: 'name its folder with --policy' };
  return Promise.all(
    votes.map(async (vote) => ({
      ...vote,
      needPolicy: vote.ofNeed === null ? null : source === null ? away : await askNeedPolicy(vote.ofNeed, source),
    })),
  );
}

function failureOf(explained: Exclude<Explained, { ok: true }>, which: string): CliFailure {
  if (explained.code === 'log_broken') {
    const { position, detail, code } = explained.broken;
    const what = `the log breaks at position ${position}: ${safe(detail)} [${code}]`;
    return new CliFailure(EXIT.untrue, code, what, 'What comes after cannot be judged.', 'See: canswarm verify');
  }
  const { entries, within } = explained;
  const what = `no entry ${safe(which)} in this log`;
  const means =
    within === undefined
      ? `It has positions 1 to ${entries}.`
      : `It is an envelope in the evidence of entry ${within}.`;
  const todo =
    within === undefined
      ? 'Name a position, or an id as result.json and the log spell it.'
      : `See: canswarm explain ${within}`;
  return new CliFailure(EXIT.untrue, 'unknown_entry', what, means, todo);
}

function describe(io: Io, explanation: Explanation, measured: readonly Asked[]): string {
  const paint = painter(io, io.out);
  const {
    position,
    verb,
    id,
    from,
    head,
    time,
    accepted,
    code,
    facts,
    sentence,
    rule,
    body,
    evidence,
    events,
    postings,
  } = explanation;
  const outcome = accepted ? paint('green', 'accepted') : paint('red', `rejected: ${code}`);
  const moved =
    time.after === time.before
      ? `log time ${time.after} ms`
      : `log time ${time.before} -> ${time.after} ms (+${time.after - time.before})`;
  const sections = [
    `${paint('bold', `${position} ${verb}`)}  ${outcome}`,
    `${sentence}\n  rule: ${rule}, ${verb}`,
    table([
      ['id', id],
      ['from', from],
      ['had seen', `position ${head}`],
      ['time', moved],
      ['evidence', evidenceLine(evidence)],
    ]),
  ];
  if (explanation.policy !== null) sections.push(policySection(explanation.policy));
  for (const vote of measured) sections.push(measuredSection(vote));
  const numbers = code === 'policy_denied' ? [] : Object.entries(facts);
  if (numbers.length > 0)
    sections.push(`judged by\n${indent(table(numbers.map(([name, value]) => [name, safe(String(value))])))}`);
  sections.push(`says\n${indent(safeJson(body))}`);
  const told = events.filter(({ type }) => type !== 'posting');
  if (told.length > 0) sections.push(`changed\n${indent(told.map(eventLine).join('\n'))}`);
  if (postings.length > 0) {
    const rows = postings.map((one) => [one.rule, one.code, credits(one.amount), `${one.debit} -> ${one.credit}`]);
    sections.push(`moved (credits)\n${indent(table(rows, new Set([2])))}`);
  }
  return sections.join('\n\n');
}

function policySection({ capsule, allow, reasons, gasUsed }: NonNullable<Explanation['policy']>, whose = ''): string {
  const said = reasonLines(reasons);
  const rows = [
    ['policy', `${capsule}${whose}`],
    [allow ? 'allowed by' : 'denied by', said[0] ?? 'nothing that it names'],
    ...said.slice(1).map((line) => ['', line]),
    ['gas', String(gasUsed)],
  ];
  return table(rows);
}

/** Exported for tests: a seat's word, and what the policies say when asked again with it. */
export function measuredSection({ seat, because, facts, policy, ofNeed, needPolicy }: Asked): string {
  const rows = [
    ['failed by', seat],
    ['since', safe(because)],
    ...facts.map((fact) => ['measured', safe(JSON.stringify(fact))]),
  ];
  const sections = [table(rows)];
  if (policy !== null) sections.push(policySection(policy));
  if (needPolicy !== null && 'away' in needPolicy)
    sections.push(
      table([
        ['policy', `${ofNeed?.capsule}, the need's own`],
        ['not asked', safe(needPolicy.away)],
      ]),
    );
  else if (needPolicy !== null) sections.push(policySection(needPolicy, ", the need's own"));
  return sections.join('\n');
}

function evidenceLine({ envelopes, blocks }: Explanation['evidence']): string {
  const verbs = new Map<string, number>();
  for (const { verb } of envelopes) verbs.set(verb, (verbs.get(verb) ?? 0) + 1);
  const parts = [...verbs].map(([verb, times]) => `${times} ${verb}`);
  if (blocks > 0) parts.push(count(blocks, 'block'));
  return parts.length === 0 ? 'none' : parts.join(', ');
}

function eventLine(event: Explanation['events'][number]): string {
  const { type, ...facts } = event;
  return `${type} ${Object.entries(facts)
    .map(([name, value]) => `${name}=${safe(String(value))}`)
    .join(' ')}`;
}

/** A body as JSON for people. */
const safeJson = (body: unknown): string => safeLines(JSON.stringify(body, null, 2));
