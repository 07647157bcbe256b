import type { Explanation } from 'canswarm';
import { expect, it } from 'vitest';
import { measuredSection } from '../src/commands/explain.ts';

const vote = {
  seat: 'did:key:seat',
  vote: 'vote',
  code: 'need_policy_denied',
  because: 'need_policy_denied: egress egress_not_allowed',
  facts: [{ egress: { label: 'internal', zone: 'us', bytes: 9 } }],
  policy: null,
  ofNeed: { capsule: 'bafyown', input: {} },
} as unknown as Explanation['measured'][number];

const facts = { label: 'internal', zone: 'us' };
const answer = {
  ...{ capsule: 'bafyown', allow: false, gasUsed: 7, input: {} },
  reasons: [{ rule: 'egress', code: 'egress_not_allowed', facts }],
} as unknown as NonNullable<Explanation['policy']>;

it('a seat that fails work by the need’s own policy shows what that says when it is asked again', () => {
  const text = measuredSection({ ...vote, needPolicy: answer });
  expect(text).toMatch(/^since +need_policy_denied: egress egress_not_allowed$/m);
  expect(text).toMatch(/^measured +{"egress":{"label":"internal","zone":"us","bytes":9}}$/m);
  expect(text).toMatch(/^policy +bafyown, the need's own$/m);
  expect(text).toMatch(/^denied by +egress: egress_not_allowed \(label internal, zone us\)$/m);
  const whole = measuredSection({
    ...vote,
    policy: { ...answer, capsule: 'bafynetwork' } as never,
    needPolicy: answer,
  });
  expect(whole).toMatch(/^policy +bafynetwork$/m);
});

it('where nobody has its blocks it says what is to be given', () => {
  const text = measuredSection({ ...vote, needPolicy: { away: 'name its folder with --policy' } });
  expect(text).toMatch(/^not asked +name its folder with --policy$/m);
});
