import type { Hindrance } from 'canswarm';
import { expect, it } from 'vitest';
import { notDone } from '../src/commands/hire.ts';
import { adviceOf } from '../src/need/advice.ts';

const names = { of: (did: string) => did, full: (did: string) => `${did} of globex` };
const told = (hindrance: Hindrance): string => {
  const { what, todo } = adviceOf(hindrance, names);
  return `${what} | ${todo}`;
};
const lost = (outcome: string): Hindrance => ({ code: 'attempt_lost', attempt: 2, worker: 'w', outcome, said: [] });

const gaveBack = (reason: string): Hindrance => ({
  code: 'attempt_lost',
  attempt: 1,
  worker: 'w',
  outcome: 'yielded',
  said: [{ by: null, verdict: 'yielded', reasons: [reason] }],
});

const ADVICE: readonly (readonly [hindrance: Hindrance, says: RegExp])[] = [
  [{ code: 'skill_unknown', skill: 'wrod', near: 'word', peers: 1 }, /skill wrod; .* 1 other node \| Is word meant\?/],
  [
    { code: 'skill_unknown', skill: 'a\u001b[2J', near: null, peers: 0 },
    /skill a\\x1b\[2J; .* 0 other nodes \| See who/,
  ],
  [
    { code: 'own_only', skill: 's', org: 'acme', agents: ['a', 'b', 'c', 'd'] },
    /a, b, c and 1 more of acme .* \| .*invite/,
  ],
  [
    { code: 'price_low', priceCap: 200_010, least: 500_000, agent: 'a', org: 'o', budget: 750_000 },
    /least that is asked is 0\.5 credits, by a of o; this gives at most 0\.20001 .* \| .*--budget 0\.75 or more/,
  ],
  [
    { code: 'price_low', priceCap: 1, least: 2_000_000, agent: 'a', org: null, budget: null },
    /by a; .* \| .*--cap 2 or more/,
  ],
  [
    { code: 'bond_short', bond: 800_000, funds: 810_000, agent: 'a', org: 'o', did: 'x', free: 1 },
    /a of o .* 0\.000001 credits .* 0\.81: a bond of 0\.8, and log space/,
  ],
  [{ code: 'unvouched', agent: 'a', did: 'x' }, /vouches for a \| .*canswarm join/],
  [
    { code: 'node_stopped', node: 'globex', agent: 'globex-worker', org: 'globex' },
    /^globex-worker of globex .* its node does not run \| .*canswarm up --node globex;/,
  ],
  [{ code: 'away', agent: 'a', org: 'o' }, /process of a of o does not run \| .*agent run/],
  [{ code: 'busy', agent: 'a', org: 'o' }, /as much work as it takes \| .*later/],
  [
    {
      code: 'bids_lost',
      bond: 800_000,
      causes: [
        { cause: 'over_cap', bids: 2, least: 1_500_000, detail: null },
        { cause: 'bond_lacking', bids: 1, least: null, detail: null },
      ],
    },
    /none of them counted: 2 bids above the cap that was sealed, the least 1\.5 credits; 1 bidder without the bond of 0\.8 free \| .*--seal-cap 1\.5 or more/,
  ],
  [
    { code: 'bids_lost', bond: 1, causes: [{ cause: 'unfit', bids: 1, least: 1, detail: 'a\u001b[2J' }] },
    /1 bid that is none by the rules \(a\\x1b\[2J\) \| .*canswarm agents/,
  ],
  [{ code: 'window_missed', bidMs: 300, agents: ['a'], capSealed: false }, /a could have bid .* 0\.3 s \| .*doctor/],
  [{ code: 'window_missed', bidMs: 300, agents: ['a'], capSealed: true }, /above the sealed cap.*\| .*--seal-cap/],
  [{ code: 'none_chosen', bids: 2 }, /2 bids came, .* chose none/],
  [
    { code: 'time_stands', since: Date.now() - 65_000, heardBps: 3_150, missing: ['acme'] },
    /for 65 s.*31 % of the weight.*acme \| .*doctor/,
  ],
  [{ code: 'seats_lacking', eligible: 1, waits: 3 }, /Only 1 organisation .* \| .*doctor/],
  [{ code: 'no_agreement' }, /did not come to one answer/],
  [{ code: 'no_taker', tried: 1 }, /after 1 attempt: .* \| .*need cancel/],
  [{ code: 'deadline_passed', deadlineMs: 180_000, leaseMs: 10_000 }, /3 min 0 s.* 10 s .* \| .*--deadline/],
  [lost('expired'), /^Attempt 2, w of globex, did not finish in time \| .*--deadline/],
  [lost('overturned'), /proved false \| .*somebody else may/],
  [
    {
      code: 'attempt_lost',
      attempt: 1,
      worker: 'w',
      outcome: 'failed',
      said: [
        { by: 's1', verdict: 'fail', reasons: ['row 7', 'no total'] },
        { by: 's2', verdict: 'fail', reasons: ['row 7'] },
      ],
    },
    /was not passed by the seats: row 7 \(s1, s2\); no total \(s1\) \| Look at their reasons/,
  ],
  [
    { ...lost('yielded'), said: [{ by: null, verdict: 'yielded', reasons: ['no\ntea'] }] } as Hindrance,
    /gave it back: no tea \| Look whether the input/,
  ],
  [
    gaveBack('the skill failed, threw: seats would fail the output: a total is missing'),
    /own output would not pass: the skill failed, .*: a total is missing \| The input is not at fault/,
  ],
  [gaveBack('the skill failed, threw: the output does not fit the schema of the need: /words'), /The input is not at/],
  [gaveBack('the skill failed, threw: no tea for the output'), /gave it back: .* \| Look whether the input/],
];

it('tells hired work that was given back and then taken back as what happened', () => {
  const unfit = gaveBack('the skill failed, threw: seats would fail the output: a total is missing');
  const ended = { stage: 'cancelled', reason: 'cancelled by the requester' } as const;
  const failure = notDone('bafyreineed-q4k7xa', ended, { hindrances: [unfit], advice: [adviceOf(unfit, names)] });
  expect(failure.message).toMatch(/: no attempt passed and nobody else took it, so it was taken back$/);
  expect(failure.means).toMatch(/^Attempt 1, w of globex, .* a total is missing\.\nIts money .* came back\.$/);
  expect(failure.todo).toMatch(/^The input is not at fault.*\nSee each step with: canswarm need show d-q4k7xa$/);
  const alone = notDone('bafyreineed-q4k7xa', ended, { hindrances: [], advice: [] });
  expect(alone.message).toMatch(/: taken back by its requester$/);
  const late = notDone('q4k7xa', { stage: 'expired', reason: 'deadline passed' }, { hindrances: [], advice: [] });
  expect(late).toMatchObject({
    message: expect.stringMatching(/: deadline passed$/),
    means: 'What was not spent came back.',
  });
});

it.each(ADVICE)('says what stands in the way and what to do: %j', (hindrance, says) => {
  expect(told(hindrance)).toMatch(says);
});
