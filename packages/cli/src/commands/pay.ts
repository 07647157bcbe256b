import type { ExitCode } from '../failure.ts';
import type { Io } from '../io.ts';
import { loadCanswarm } from '../load.ts';
import { AMOUNT, clientOf, didOf, KEY, onNode, say } from '../money/own-key.ts';
import type { NetworkFlags } from '../network/open-network.ts';
import { amount, duration } from '../plain-options.ts';
import { examples, type Register } from './command.ts';

interface SendFlags extends NetworkFlags {
  readonly new?: boolean;
}

interface HoldFlags extends SendFlags {
  readonly for: string;
}

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
      done(await move(io, key, to, options, { verb: 'ESCROW', amount: credits, periodMs }));
    });
  onNode(
    pay
      .command('settle')
      .summary('pay out what was set aside, or give it back')
      .argument(...KEY)
      .argument('<escrow>', 'its id')
      .argument('[credits]', 'what the receiver gets, the rest goes back; nothing without it', amount, 0),
  )
    .addHelpText('after', examples('pay settle requester bafyrei... 5', 'pay settle worker-1 bafyrei...'))
    .action(async (key: string, escrow: string, credits: number, options: NetworkFlags) =>
      done(await say(io, key, { verb: 'SETTLE', escrow, amount: credits }, options)),
    );
};

type Movement =
  | { readonly verb: 'TRANSFER'; readonly amount: number }
  | { readonly verb: 'ESCROW'; readonly amount: number; readonly periodMs: number };

async function move(io: Io, key: string, to: string, options: SendFlags, movement: Movement): Promise<ExitCode> {
  const client = await clientOf(io, key, options);
  const receiver = { to: await didOf(client, to), create: options.new === true };
  return say(io, key, { ...movement, ...receiver }, options);
}
