import { votingStakes } from '../../../src/rules/restart.ts';
import { restarting } from '../../support/restart.ts';
import { AUTHORITY } from '../../world.ts';
import { period } from '../stage.ts';
import type { Command } from './command.ts';

/** Most TICKs that one command makes. */
const TICKS_MAX = 2000;

/**
 * `tick [PERIOD]`: so much time passes, and verifiers say so. `tick until EVENT [step=PERIOD]`: again and again until such an event
 * happens. `tick silent PERIOD`: nobody reveals, whatever waits for it.
 */
const tick: Command = ({ world }, { words: [first = '50ms', second = ''], options }) => {
  if (first === 'silent') {
    world.tick(period(second), { reveal: false });
    return;
  }
  if (first !== 'until') {
    world.tick(period(first));
    return;
  }
  const before = world.applied.length;
  const happened = (): boolean =>
    world.applied.slice(before).some(({ events }) => events.some(({ type }) => type === second));
  world.tickUntil(happened, period(options.get('step') ?? '50ms'), TICKS_MAX);
};

/** `late-tick KEY`: a TICK that brings no new time. */
const lateTick: Command = (stage, { words: [name] }) => {
  const by = name === undefined ? AUTHORITY : stage.key(name);
  const envelopes = stage.world.reporters.map((who) => stage.world.report(who));
  stage.world.submit(by, 'TICK', {}, { envelopes });
};

/** `restart [KEY...]`: these, or all who have a vote on it, say that the log begins its next life here. */
const restart: Command = (stage, { words }) => {
  const { world } = stage;
  const stakes = votingStakes(world.state);
  const all = world.verifiers.map(({ who }) => who).filter(({ did }) => stakes.has(did));
  const { body, evidence } = restarting(world, words.length === 0 ? all : words.map((name) => stage.key(name)));
  world.submit(stage.key('requester'), 'RESTART', body, evidence);
};

export const TIME_COMMANDS: Readonly<Record<string, Command>> = { tick, 'late-tick': lateTick, restart };
