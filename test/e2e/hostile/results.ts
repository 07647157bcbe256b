import { quoteCast } from '@canswarm/simulator';
import { type Attack, at, UNDISTURBED_MS } from './stage.ts';

/** A result over which every seat's skill hangs: seats are not fined for it, they cannot tell. */
export const endlessJudgement: Attack = {
  name: 'a result that no skill comes to an end with',
  cast: quoteCast({ evaluate: 'hang' }),
  ends: 'undecided',
  withinMs: UNDISTURBED_MS + 1_000,
  prepare: () => undefined,
  expect({ seen }, report) {
    const silent = seen.events('seat_silent').length;
    report.check('a result that no skill comes to an end with: no seat is silent', silent === 0, `${silent} are`);
  },
};

/** Every seat of every result is silent: the need must end all the same, after all redraws and waiting. */
export const nobodyJudges: Attack = {
  name: 'no seat of any draw judges the result',
  ends: 'undecided',
  withinMs: 25_000,
  prepare(stage) {
    at(stage, 'committed', () => {
      for (const { identity } of stage.world.network.people) identity.silent = true;
    });
  },
  expect({ seen }, report) {
    const redrawn = seen.events('draw_pending').filter((event) => event.draw > 0).length;
    report.check('no seat of any draw judges the result: seats are drawn anew', redrawn > 0);
    const waited = seen.events('draw_waiting').length;
    report.check('no seat of any draw judges the result: and waited for', waited > 3, `${waited} times`);
  },
};

/** Nobody votes on the plan either: the requester has its money back. */
export const nobodyVotes: Attack = {
  name: 'no seat votes at all',
  ends: 'need_closed',
  withinMs: 60_000,
  prepare({ world }) {
    for (const { identity } of world.network.people) identity.silent = true;
  },
  expect({ seen }, report) {
    const [closed] = seen.events('need_closed');
    report.check('no seat votes at all: the need expires', closed?.status === 'expired', closed?.reason ?? 'open');
    report.check(
      'no seat votes at all: its price is refunded',
      (closed?.refund ?? 0) >= 2_000_000,
      `${closed?.refund}`,
    );
  },
};

/** Outputs that nobody can fetch: whoever asks for them waits. */
export const withheldOutputs: Attack = {
  name: 'a result whose bytes are withheld',
  cast: quoteCast({
    workers: [
      { engine: 'void', priceBps: 5_000 },
      { engine: 'honest', priceBps: 6_000 },
      { engine: 'honest', priceBps: 6_500 },
    ],
  }),
  withholds: true,
  ends: 'undecided',
  withinMs: UNDISTURBED_MS + 1_000,
  prepare: () => undefined,
  expect({ seen }, report) {
    const silent = seen.events('seat_silent').length;
    report.check('a result whose bytes are withheld: no seat is silent', silent === 0, `${silent} are`);
  },
};
