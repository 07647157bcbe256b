import type { Cid, NeedId } from '@canswarm/protocol';
import { type Attack, at, counted, some, UNDISTURBED_MS } from './stage.ts';
import { planVote } from './votes.ts';

export const reportsOfStrangers: Attack = {
  name: 'thousands report who are no verifiers',
  withinMs: UNDISTURBED_MS,
  prepare(stage) {
    const { evil, world } = stage;
    at(stage, 'need_opened', () => {
      const time = world.clock.now() + 3_600_000;
      evil.publish(
        some(
          (index) =>
            evil.sign(
              evil.stranger(),
              { verb: 'REPORT', body: { time, preimage: index % 2 === 0 ? null : new Uint8Array(32).fill(index) } },
              null,
            ),
          3_000,
        ),
      );
    });
  },
  expect: (stage, report) =>
    report.check(
      'thousands report who are no verifiers: none is kept',
      counted(stage, 'ingress.dropped.report_unfit') >= 3_000,
    ),
};

export const crookedReports: Attack = {
  name: 'a verifier reports forked heads, times to come and junk for a preimage',
  withinMs: UNDISTURBED_MS + 300,
  prepare(stage) {
    const { evil, world } = stage;
    const { signer } = world.network.person('verifier-01').identity;
    for (const type of ['need_opened', 'bidding_opened', 'committed', 'certified'] as const) {
      at(stage, type, () => {
        const { state } = world.network.person('requester').node;
        const body = { time: Number.MAX_SAFE_INTEGER, preimage: new Uint8Array(32).fill(7) };
        const { incarnation, position } = state;
        const heads = [
          { incarnation, position, digest: new Uint8Array(32) },
          { incarnation, position: position + 3, digest: state.digest },
          { incarnation: incarnation + 1, position, digest: state.digest },
        ];
        evil.publish(heads.map((head) => evil.sign(signer, { verb: 'REPORT', body }, null, { head })));
        const own = { incarnation, position, digest: state.digest };
        evil.publish([evil.sign(signer, { verb: 'REPORT', body }, null, { head: own })]);
      });
    }
  },
};

export const unknownNeeds: Attack = {
  name: 'thousands of envelopes for needs that nobody posted',
  withinMs: UNDISTURBED_MS,
  prepare(stage) {
    const { evil, world } = stage;
    at(stage, 'need_opened', ({ need }) => {
      const { state } = world.network.person('requester').node;
      const { incarnation, position, digest } = state;
      const ahead = { incarnation, position: position + 1, digest };
      const name = (index: number): NeedId =>
        `${need.slice(0, -4)}${[3, 2, 1].map((power) => 'abcdefghijklmnop'[Math.floor(index / 16 ** power) % 16]).join('')}a` as NeedId;
      evil.publish(
        some((index) => {
          const other = name(index);
          const choice = index % 2 === 0 ? {} : { head: ahead };
          return evil.sign(evil.stranger(), planVote(other, 0), other, choice);
        }, 3_000),
      );
    });
  },
  expect(stage, report) {
    const dropped = counted(stage, 'ingress.dropped.need_unknown');
    report.check(
      'thousands of envelopes for needs that nobody posted: they are dropped',
      dropped >= 1_500,
      `${dropped}`,
    );
  },
};

export const otherTimes: Attack = {
  name: 'gossip of yesterday, of tomorrow and of another network',
  withinMs: UNDISTURBED_MS,
  prepare(stage) {
    const { evil, world } = stage;
    const { signer } = world.network.person('verifier-02').identity;
    at(stage, 'need_opened', ({ need }) => {
      const now = world.clock.now();
      const body = { time: now, preimage: null };
      evil.publish([
        evil.sign(signer, { verb: 'REPORT', body }, null, { time: now + 86_400_000 }),
        evil.sign(signer, { verb: 'REPORT', body }, null, { time: 0, lamport: 0 }),
        evil.sign(signer, { verb: 'REPORT', body }, null, { network: need as Cid }),
        evil.sign(signer, { verb: 'CANCEL', body: { need } }, need),
      ]);
    });
  },
  expect(stage, report) {
    for (const code of ['from_the_future', 'network_other', 'not_gossip'])
      report.check(`other times: ${code}`, counted(stage, `ingress.dropped.${code}`) > 0);
  },
};
