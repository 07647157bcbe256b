import { existsSync } from 'node:fs';
import { CliFailure, EXIT } from '../failure.ts';
import { HOME_OPTION } from '../home/home-options.ts';
import { type Io, painter } from '../io.ts';
import { loadCanswarm } from '../load.ts';
import { didNamed } from '../money/own-key.ts';
import { type OpenLog, openLog } from '../network/open-log.ts';
import { NETWORK_OPTION, type NetworkFlags, NODE_OPTION, openNetwork } from '../network/open-network.ts';
import { wholeNumber } from '../plain-options.ts';
import { report } from '../report.ts';
import { change, count, credits, safe, short, table } from '../text.ts';
import { examples, JSON_OPTION, type Register } from './command.ts';

interface Options extends NetworkFlags {
  readonly from?: number;
  readonly to?: number;
  readonly code?: string;
  readonly json?: boolean;
}

type Canswarm = Awaited<ReturnType<typeof loadCanswarm>>;
type Ledger = ReturnType<Canswarm['ledgerOf']>;
type Posting = Ledger['postings'][number];
type Did = Parameters<Canswarm['holdingsOf']>[1];

/** Far beyond any log. */
const POSITION_MAX = 999_999_999_999;
const position = wholeNumber(0, POSITION_MAX);

/** How a did and the names of accounts begin. */
const WHO = /^(did:key:|mint$|burn$|(free|stake|reserve|bond|escrow|unbonding|hold|delegation|trial|fund)\/)/;

export const ledgerCommand: Register = (program, io, done) => {
  program
    .command('ledger')
    .summary('balances and postings of a network, or of a proof')
    .description(
      'Rebuilds every balance from the postings of a log: that of the running node of this home, or that of a proof. All accounts together sum to zero: what anybody has came from `mint`. Every posting names the entry and the rule that made it. Amounts are credits; micro-credits with --json.',
    )
    .argument('[proof]', 'the proof folder, or its audit.jsonl; without it the running node is asked')
    .argument('[who]', 'an account (free/did:key:..., escrow/...), a did, or an agent of this home: only its postings')
    .option('--from <entry>', 'only postings of this entry and later ones; 0 is what the genesis lists', position)
    .option('--to <entry>', 'postings up to this entry, and balances as they were after it', position)
    .option('--code <code>', 'only postings of this code, as the spec names it: price, seat_fee, log_fee, ...')
    .option(...NODE_OPTION)
    .option(...NETWORK_OPTION)
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      examples(
        'ledger',
        'ledger writer',
        'ledger did:key:z6Mk... --code log_fee --from 100',
        'ledger --to 12',
        'ledger brief-out/proof',
        'ledger brief-out/proof did:key:z6Mk...',
        'ledger brief-out/proof burn --json',
      ),
    )
    .action(async (first: string | undefined, second: string | undefined, options: Options) => {
      // One word alone is a proof if there is such a file, else whose postings of the running node are wanted.
      const who = second === undefined && first !== undefined ? await whoIs(io, first, options) : undefined;
      const isNothing = first !== undefined && who === undefined && !existsSync(first) && !/[/\\.]/.test(first);
      if (isNothing && second === undefined) throw nothingCalled(first);
      done(await showLedger(io, who === undefined ? (first ?? null) : null, who ?? second, options));
    });
};

/** The account or key that a word means; undefined where it names a proof. */
async function whoIs(io: Io, word: string, options: Options): Promise<string | undefined> {
  if (existsSync(word)) return undefined;
  return WHO.test(word) ? word : didNamed(await openNetwork(io, options), word);
}

async function showLedger(
  io: Io,
  proof: string | null,
  who: string | undefined,
  { json = false, from, to, code, ...options }: Options,
): Promise<0 | 1> {
  const canswarm = await loadCanswarm();
  const crypto = canswarm.localCrypto();
  const log = await openLog(io, proof, options);
  const ledger = canswarm.ledgerOf(log.genesis, log.entries, { crypto });
  const concerns = (account: string): boolean => who === undefined || account === who || account.endsWith(`/${who}`);
  const known = ledger.postings.filter(({ debit, credit }) => concerns(debit) || concerns(credit));
  if (who !== undefined && known.length === 0) throw unknownAccount(who);
  const past = to === undefined ? ledger : asOf(canswarm, ledger, to);
  const balances = [...past.balances].filter(([account]) => concerns(account));
  const isAsked = (one: Posting): boolean => one.position >= (from ?? 0) && (code === undefined || one.code === code);
  const postings = known.filter((one) => one.position <= (to ?? POSITION_MAX) && isAsked(one));
  const sound = ledger.sum === 0n && ledger.disagreements.length === 0 && ledger.broken === null;
  const value = {
    sum: Number(ledger.sum),
    sound,
    accounts: Object.fromEntries(balances),
    postings,
    ...(ledger.disagreements.length === 0 ? {} : { disagreements: ledger.disagreements }),
    ...(ledger.broken === null ? {} : { broken: ledger.broken }),
  };
  report(io, json, value, () => {
    const isWhole = who === undefined && from === undefined && code === undefined;
    const lines = isWhole ? overview(canswarm, log, past) : statement(balances, postings, concerns);
    return `${lines}\n\n${verdict(io, ledger, sound)}`;
  });
  return sound ? EXIT.ok : EXIT.untrue;
}

/** The ledger as it was after an entry. */
function asOf({ addUp }: Canswarm, ledger: Ledger, to: number): Pick<Ledger, 'balances' | 'postings'> {
  const postings = ledger.postings.filter((one) => one.position <= to);
  return { postings, balances: addUp(postings) };
}

function verdict(io: Io, ledger: Ledger, sound: boolean): string {
  const paint = painter(io, io.out);
  const end = `${count(ledger.postings.length, 'posting')}; all accounts sum to ${credits(ledger.sum)}`;
  if (sound) return paint('green', `${end}, and every balance is what its postings add up to`);
  const { broken, disagreements } = ledger;
  const why =
    broken === null
      ? `${disagreements.length} accounts disagree with the state`
      : `position ${broken.position}: ${broken.detail} [${broken.code}]`;
  return paint('red', `${end}; NOT SOUND: ${safe(why)}`);
}

/** One line for each key, what it had at the start and has at the end, and one for each account of nobody. */
function overview(
  { holdingsOf, worth }: Canswarm,
  { genesis }: OpenLog,
  { balances, postings }: Pick<Ledger, 'balances' | 'postings'>,
): string {
  const orgs = new Map(genesis.members.map(({ did, org, region }) => [did, `${org ?? 'no organisation'}, ${region}`]));
  const listed = new Map(genesis.accounts.map(({ did, free, stake }) => [did, { free, stake }]));
  const owners = [...balances.keys()].flatMap((account) => ownerOf(account) ?? []);
  const rows = [...new Set([...listed.keys(), ...owners])].map((did) => {
    const { free, stake } = listed.get(did) ?? { free: 0, stake: 0 };
    const now = holdingsOf(postings, did);
    const locked = worth(now) - now.free - now.stake;
    return [
      did,
      safe(orgs.get(did) ?? (listed.has(did) ? '' : 'joined later')),
      credits(free + stake),
      credits(worth(now)),
      change(worth(now) - free - stake),
      locked === 0 ? '' : credits(locked),
    ];
  });
  const shared = [...balances].filter(([account, balance]) => !isOwned(account) && balance !== 0);
  return [
    table([['key', 'of', 'at the start', 'at the end', 'change', 'locked'], ...rows], new Set([2, 3, 4, 5])),
    '',
    table([['account', 'balance'], ...shared.flatMap((one) => sharedRows(one, postings))], new Set([1])),
  ].join('\n');
}

/** An account of nobody; of what was burned, how much for log space. */
function sharedRows([account, balance]: readonly [string, number], postings: readonly Posting[]): readonly string[][] {
  const row = [account, credits(balance)];
  if (account !== 'burn') return [row];
  const logs = postings.filter(({ code }) => code === 'log_fee').reduce((sum, { amount }) => sum + amount, 0);
  return [row, ['  of it log fees', credits(logs)]];
}

/** Whether what is in an account counts to some key above: named by a key, or by the entry with which a key filled it. */
const isOwned = (account: string): boolean => account.includes('did:key:') || /^(bond|unbonding|hold)\//.test(account);

/** The key that owns an account; undefined for an account of nobody. */
function ownerOf(account: string): Did | undefined {
  const [, owner] = account.split('/');
  return owner?.startsWith('did:key:') === true ? (owner as Did) : undefined;
}

/** Balances and postings of one account or key. */
function statement(
  balances: readonly (readonly [string, number])[],
  postings: readonly Posting[],
  concerns: (account: string) => boolean,
): string {
  const rows = postings.map(({ position, rule, code, debit, credit, amount }) => {
    const inward = concerns(credit);
    const other = inward ? debit : credit;
    const own = inward ? credit : debit;
    const sign = inward && concerns(debit) ? '' : inward ? '+' : '-';
    return [
      String(position),
      rule,
      code,
      `${sign}${credits(amount)}`,
      shortAccount(own),
      `${inward ? 'from' : 'to'} ${shortAccount(other)}`,
    ];
  });
  return [
    table([['account', 'balance'], ...balances.map(([account, balance]) => [account, credits(balance)])], new Set([1])),
    '',
    table([['entry', 'rule', 'code', 'credits', 'account', ''], ...rows], new Set([0, 3])),
  ].join('\n');
}

const shortAccount = (account: string): string => account.split('/').map(short).join('/');

function nothingCalled(word: string): CliFailure {
  const what = `no proof, account or agent of this home is called ${safe(word)}`;
  const todo =
    'Agents of this home: canswarm status. All accounts: canswarm ledger. A proof is a folder such as brief-out/proof.';
  return new CliFailure(EXIT.usage, 'account_unknown', what, '', todo);
}

function unknownAccount(who: string): CliFailure {
  const means = 'No posting of this log names it.';
  return new CliFailure(
    EXIT.untrue,
    'account_unknown',
    `no account or key ${safe(who)}`,
    means,
    'List all accounts: canswarm ledger [proof]',
  );
}
