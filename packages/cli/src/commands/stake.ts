import type { EntryTaken } from '@canswarm/api';
import { CliFailure, EXIT, type ExitCode } from '../failure.ts';
import type { Io } from '../io.ts';
import { accountText } from '../money/account-text.ts';
import { AMOUNT, clientOf, didOf, entryText, isCalled, KEY, onNode, outcomeOf, say } from '../money/own-key.ts';
import type { NetworkFlags } from '../network/open-network.ts';
import { amountOrNone } from '../plain-options.ts';
import { report } from '../report.ts';
import { safe } from '../text.ts';
import { examples, type Register } from './command.ts';

export const stakeCommand: Register = (program, io, done) => {
  const stake = program
    .command('stake')
    .summary('what answers for the seats of a verifier')
    .description(
      'Stake answers for the votes of a verifier. What leaves it stays within reach of charges for a period, and is withdrawn after that.',
    );
  onNode(
    stake
      .command('show')
      .summary('what a key owns and owes')
      .argument(...KEY),
  )
    .addHelpText('after', examples('stake show verifier-01', 'stake show did:key:z6Mk... --json'))
    .action(async (key: string, options: NetworkFlags) => done(await show(io, key, options)));
  onNode(
    stake
      .command('add')
      .summary('make free credits stake')
      .description(
        'Makes free credits of a verifier its stake. One that has none free is sent some first. A key that is no verifier is refused: its stake would answer for nothing.',
      )
      .argument(...KEY)
      .argument(...AMOUNT),
  )
    .addHelpText('after', examples('pay send local-requester verifier-01 50', 'stake add verifier-01 50'))
    .action(async (key: string, credits: number, options: NetworkFlags) =>
      done(await say(io, key, { verb: 'STAKE', amount: credits }, options)),
    );
  onNode(
    stake
      .command('unbond')
      .summary('take stake out of use')
      .argument(...KEY)
      .argument(...AMOUNT)
      .option('--from <verifier>', 'of what stands behind this verifier of others, by its name or did'),
  )
    .addHelpText('after', examples('stake unbond verifier-01 50', 'stake unbond ada 50 --from did:key:z6Mk...'))
    .action(async (key: string, credits: number, options: NetworkFlags & { from?: string }) =>
      done(await unbond(io, key, credits, options)),
    );
  onNode(
    stake
      .command('withdraw')
      .summary('make what unbonded long enough free')
      .argument(...KEY)
      .argument('[unbonding]', 'which, by the end of its id; all that can be without it'),
  )
    .addHelpText('after', examples('stake withdraw verifier-01', 'stake withdraw verifier-01 q4k7xa'))
    .action(async (key: string, which: string | undefined, options: NetworkFlags) =>
      done(await withdraw(io, key, which, options)),
    );
  delegationCommands(stake, io, done);
  onNode(
    stake
      .command('leave')
      .summary('be drawn no more')
      .argument(...KEY),
  )
    .addHelpText('after', examples('stake leave verifier-01'))
    .action(async (key: string, options: NetworkFlags) => done(await say(io, key, { verb: 'LEAVE' }, options)));
  onNode(
    stake
      .command('join')
      .summary('take part again')
      .argument(...KEY),
  )
    .addHelpText('after', examples('stake join verifier-01'))
    .action(async (key: string, options: NetworkFlags) => done(await say(io, key, { verb: 'JOIN' }, options)));
};

const delegationCommands: Register = (stake, io, done) => {
  onNode(
    stake
      .command('admit')
      .summary('let another key put stake behind a verifier')
      .description(
        'Lets another key put stake behind a verifier of this home, up to an amount in all; 0 ends that. What it puts there counts for the weight of the verifier and backs its seats, and is slashed with its own.',
      )
      .argument(...KEY)
      .argument('<delegator>', 'whose stake it takes, by name or did')
      .argument('<credits>', 'how much at most', amountOrNone),
  )
    .addHelpText(
      'after',
      examples('pay send local-requester verifier-01 1', 'stake admit verifier-01 did:key:z6Mk... 500'),
    )
    .action(async (key: string, other: string, credits: number, options: NetworkFlags) =>
      done(await delegate(io, { key, other, credits, isDelegate: true }, options)),
    );
  onNode(
    stake
      .command('delegate')
      .summary('put stake behind a verifier that takes it')
      .description(
        'Puts stake of a key of this home behind a verifier that admitted it. It is lost in part when that verifier is slashed. Neither judges the other from then on if it is more than a small part of what the verifier has itself.',
      )
      .argument(...KEY)
      .argument('<verifier>', 'behind which it stands, by name or did')
      .argument(...AMOUNT),
  )
    .addHelpText('after', examples('stake add ada 50', 'stake delegate ada did:key:z6Mk... 50'))
    .action(async (key: string, other: string, credits: number, options: NetworkFlags) =>
      done(await delegate(io, { key, other, credits, isDelegate: false }, options)),
    );
};

async function unbond(
  io: Io,
  key: string,
  credits: number,
  options: NetworkFlags & { from?: string },
): Promise<ExitCode> {
  const { from } = options;
  if (from === undefined) return say(io, key, { verb: 'UNBOND', amount: credits }, options);
  const behind = await didOf(io, await clientOf(io, key, options), from, options);
  return say(io, key, { verb: 'UNBOND', amount: credits, delegate: behind }, options);
}

interface Delegating {
  readonly key: string;
  readonly other: string;
  readonly credits: number;
  /** Whether `key` is the verifier that takes stake; else it is who gives it. */
  readonly isDelegate: boolean;
}

async function delegate(io: Io, asked: Delegating, options: NetworkFlags): Promise<ExitCode> {
  const { key, credits, isDelegate } = asked;
  const client = await clientOf(io, key, options);
  const own = await didOf(io, client, key, options);
  const other = await didOf(io, client, asked.other, options);
  const [delegator, to] = isDelegate ? [other, own] : [own, other];
  return say(io, key, { verb: 'DELEGATE', delegator, delegate: to, amount: credits }, options);
}

async function show(io: Io, key: string, options: NetworkFlags): Promise<ExitCode> {
  const client = await clientOf(io, key, options);
  const account = await client.account({ did: await didOf(io, client, key, options) }, { signal: io.signal });
  report(io, options.json === true, account, () => accountText(account));
  return EXIT.ok;
}

async function withdraw(io: Io, key: string, which: string | undefined, options: NetworkFlags): Promise<ExitCode> {
  const client = await clientOf(io, key, options);
  const did = await didOf(io, client, key, options);
  const { unbondings } = await client.account({ did }, { signal: io.signal });
  const meant = unbondings.filter(({ id, over }) => (which === undefined ? over : isCalled(id, which)));
  if (meant.length === 0) {
    const yet = unbondings.length === 0 ? 'has nothing that unbonds' : 'has nothing that can be withdrawn yet';
    const what = `${safe(key)} ${which === undefined ? yet : `has no unbonding ${safe(which)}`}`;
    throw new CliFailure(
      EXIT.untrue,
      'unbonding_unknown',
      what,
      '',
      `See what it has: canswarm stake show ${safe(key)}`,
    );
  }
  const taken: EntryTaken[] = [];
  for (const { id } of meant) {
    const body = { by: did, say: { verb: 'WITHDRAW', unbonding: id } } as const;
    const entry = await client.postEntry({ body }, { signal: io.signal }).catch((error: unknown) => {
      throw outcomeOf(error, { verb: 'WITHDRAW', key, interrupted: io.signal.aborted });
    });
    taken.push(entry);
  }
  const account = await client.account({ did }, { signal: io.signal });
  report(io, options.json === true, { entries: taken, account }, () =>
    [...taken.map((entry) => entryText('WITHDRAW', entry)), accountText(account)].join('\n'),
  );
  return EXIT.ok;
}
