import fc from 'fast-check';
import { CREDIT } from '../../world.ts';
import type { Command } from './command.ts';
import accuse from './commands/accuse.ts';
import certify from './commands/certify.ts';
import commit from './commands/commit.ts';
import decide from './commands/decide.ts';
import delegate from './commands/delegate.ts';
import diverge from './commands/diverge.ts';
import end from './commands/end.ts';
import escrow from './commands/escrow.ts';
import forge from './commands/forge.ts';
import heal from './commands/heal.ts';
import judge from './commands/judge.ts';
import late from './commands/late.ts';
import lease from './commands/lease.ts';
import member from './commands/member.ts';
import need from './commands/need.ts';
import open from './commands/open.ts';
import plant from './commands/plant.ts';
import poor from './commands/poor.ts';
import proceed from './commands/proceed.ts';
import publish from './commands/publish.ts';
import replay from './commands/replay.ts';
import restart from './commands/restart.ts';
import stake from './commands/stake.ts';
import strange from './commands/strange.ts';
import tick from './commands/tick.ts';
import transfer from './commands/transfer.ts';
import { TOY_RULES } from './policies.ts';
import type { Setting } from './scene.ts';

/** Everything that somebody may do in a history, one file each. */
const COMMANDS: readonly Command[] = [
  proceed,
  tick,
  need,
  decide,
  commit,
  certify,
  accuse,
  open,
  judge,
  lease,
  end,
  plant,
  heal,
  transfer,
  poor,
  escrow,
  stake,
  delegate,
  member,
  diverge,
  restart,
  late,
  replay,
  strange,
  forge,
];

/** And in one of a network that has a policy. */
export const POLICED_COMMANDS: readonly Command[] = [...COMMANDS, publish];

/** One deed: a command by name, and the number that it reads its choices from. */
export interface Deed {
  readonly name: string;
  readonly number: number;
}

/** What fast-check makes, shrinks and replays: how a world begins, and what is done in it. */
export interface History {
  readonly setting: Setting;
  readonly deeds: readonly Deed[];
  /** Whether it is followed until nothing is open, which takes as long as the history. */
  readonly toEnd: boolean;
}

const setting: fc.Arbitrary<Setting> = fc.record({
  seatFee: fc.constantFrom(CREDIT / 100, CREDIT, 1),
  stake: fc.constantFrom(300 * CREDIT, 8 * CREDIT, 20 * CREDIT),
  silences: fc.constantFrom(12, 2),
  headWindow: fc.constantFrom(64, 16),
  reputationPeriodMs: fc.constantFrom(7000, 3_600_000),
  plantRateBps: fc.constantFrom(5000, 10_000),
  unstaked: fc.constantFrom(0, 0, 0, 0, 0, 9, 9, 12),
  room: fc.constantFrom(100_000 * CREDIT, 0, 100 * CREDIT),
  logDuties: fc.constantFrom(12, 1, 3),
  logDutyBytes: fc.constantFrom(16_384, 1024, 3072),
  crowd: fc.constantFrom(false, false, true),
  arbiters: fc.constantFrom(0, 3),
});

const deedOf = (commands: readonly Command[]): fc.Arbitrary<Deed> =>
  fc.record({
    name: fc.oneof(...commands.map(({ name, often }) => ({ weight: often, arbitrary: fc.constant(name) }))),
    number: fc.integer({ min: 0, max: 2 ** 52 }),
  });

const DEEDS_MOST = 100;

/** Without bias: what fast-check would make often, the smallest numbers, are the simplest deeds and lead nowhere. */
const historiesOf = (begun: fc.Arbitrary<Setting>, commands: readonly Command[]): fc.Arbitrary<History> =>
  fc.noBias(
    fc.record({
      setting: begun,
      deeds: fc.array(deedOf(commands), { maxLength: DEEDS_MOST, size: 'max' }),
      toEnd: fc.nat(9).map((number) => number === 9),
    }),
  );

export const histories = historiesOf(setting, COMMANDS);

/** The same in networks with a policy, which may be replaced. */
export const policedHistories = historiesOf(
  fc.tuple(setting, fc.constantFrom(...TOY_RULES)).map(([begun, rules]) => ({ ...begun, rules })),
  POLICED_COMMANDS,
);
