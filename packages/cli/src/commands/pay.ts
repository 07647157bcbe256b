import type { NodeClient } from 'canswarm';
import { CliFailure, EXIT, type ExitCode } from '../failure.ts';
import type { Io } from '../io.ts';
import { loadCanswarm } from '../load.ts';
import { AMOUNT, clientOf, didOf, isCalled, KEY, onNode, say } from '../money/own-key.ts';
import type { NetworkFlags } from '../network/open-network.ts';
import { amount, duration } from '../plain-options.ts';
import { safe } from '../text.ts';
import { examples, type Register } from './command.ts';

interface SendFlags extends NetworkFlags {
  readonly new?: boolean;
}

interface HoldFlags extends SendFlags {
  readonly for: string;
}

/** The longest that credits can be set aside. */
const PERIOD_MS_MAX = 366 * 24 * 3_600_000;

const TO = ['<to>', 'whom, by did, or by name for a key of this home'] as const;
const NEW_OPTION = ['--new', 'the receiver may be new: without it a mistyped key is refused'] as const;

export const payCommand: Register = (program, io, done) => {
  const pay = program
    .command('pay')
    .summary('move credits from one key to another')
    .description(
      'Outside needs: at once, or set aside first and paid later, in whole or in part. What is set aside goes back by itself when its time is over.',
    );
  onNode(
    pay
      .command('send')
      .summary('move credits at once')
      .argument(...KEY)
      .argument(...TO)
      .argument(...AMOUNT)
      .option(...NEW_OPTION),
  )
    .addHelpText('after', examples('pay send requester did:key:z6Mk... 5 --new'))
    .action(async (key: string, to: string, credits: number, options: SendFlags) =>
      done(await move(io, key, to, options, { verb: 'TRANSFER', amount: credits })),
    );
  onNode(
    pay
      .command('hold')
      .summary('set credits aside for somebody')
      .argument(...KEY)
      .argument(...TO)
      .argument(...AMOUNT)
      .requiredOption('--for <duration>', 'after this long it goes back, such as 30s or 7d', duration)
      .option(...NEW_OPTION),
  )
    .addHelpText('after', examples('pay hold requester did:key:z6Mk... 5 --for 1h'))
    .action(async (key: string, to: string, credits: number, options: HoldFlags) => {
      const { milliseconds } = await loadCanswarm();
      const periodMs = milliseconds(options.for);
      if (periodMs > PERIOD_MS_MAX) {
        const todo = 'Give 366d or less to --for.';
        throw new CliFailure(EXIT.usage, 'period_too_long', `${options.for} is too long`, 'A year is the most.', todo);
      }
      done(await move(io, key, to, options, { verb: 'ESCROW', amount: credits, periodMs }));
    });
  onNode(
    pay
      .command('settle')
      .summary('pay out what was set aside, or give it back')
      .argument(...KEY)
      .argument('<escrow>', 'its id, or the end of it')
      .argument('[credits]', 'what the receiver gets, the rest goes back; nothing without it', amount, 0),
  )
    .addHelpText('after', examples('pay settle requester q4k7xa 5', 'pay settle worker-1 bafyrei...'))
    .action(async (key: string, escrow: string, credits: number, options: NetworkFlags) =>
      done(await settle(io, key, escrow, credits, options)),
    );
};

type Movement =
  | { readonly verb: 'TRANSFER'; readonly amount: number }
  | { readonly verb: 'ESCROW'; readonly amount: number; readonly periodMs: number };

async function move(io: Io, key: string, to: string, options: SendFlags, movement: Movement): Promise<ExitCode> {
  const client = await clientOf(io, key, options);
  const create = options.new === true;
  const receiver = { to: await didOf(io, client, to, options), create };
  if (receiver.to === (await didOf(io, client, key, options))) {
    const what = `${safe(key)} would pay itself`;
    throw new CliFailure(EXIT.usage, 'same_key', what, 'Nothing was moved.', 'Name another key as the receiver.');
  }
  if (!create) await requireAccount(io, client, receiver.to);
  return say(io, key, { ...movement, ...receiver }, options);
}

/** Tells of a receiver that nobody knows before the law refuses it, with the way to pay it all the same. */
async function requireAccount(io: Io, client: NodeClient, did: string): Promise<void> {
  try {
    await client.account({ did }, { signal: io.signal });
  } catch (error) {
    const unknown = error instanceof Error && 'code' in error && error.code === 'not_found';
    if (!unknown) throw error;
    const what = `${safe(did)} has no account in this network`;
    const todo = 'Is it the right one? To pay a key that is new, add: --new';
    throw new CliFailure(EXIT.untrue, 'account_unknown', what, 'Nothing was moved.', todo);
  }
}

async function settle(io: Io, key: string, which: string, credits: number, options: NetworkFlags): Promise<ExitCode> {
  const client = await clientOf(io, key, options);
  const { escrows } = await client.account({ did: await didOf(io, client, key, options) }, { signal: io.signal });
  const meant = escrows.filter(({ id }) => isCalled(id, which));
  const [escrow] = meant;
  if (escrow !== undefined && meant.length === 1)
    return say(io, key, { verb: 'SETTLE', escrow: escrow.id, amount: credits }, options);
  const what = meant.length === 0 ? 'has no escrow' : `has ${meant.length} escrows that end with`;
  const means = meant.length === 0 ? 'It was settled, its time is over, it is of other keys, or it never was.' : '';
  const todo = `See what it has: canswarm stake show ${safe(key)}`;
  throw new CliFailure(EXIT.untrue, 'escrow_unknown', `${safe(key)} ${what} ${safe(which)}`, means, todo);
}
