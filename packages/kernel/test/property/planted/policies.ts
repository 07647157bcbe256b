import type { Planted } from './planted.ts';

/** One edit of what is about policies. */
const ofPolicy = (id: string, property: string, file: string, find: string, put: string): Planted => ({
  id,
  property,
  edits: [{ file, find, put }],
  policed: true,
});

/** Bugs of what the law does about policies, each with the property that must find it. */
export const PLANTED_IN_POLICIES: readonly Planted[] = [
  ofPolicy('policy-of-the-old-epoch', 'policy', 'policy/network-policy.ts', 'before.present = present;', ''),
  ofPolicy(
    'verb-without-a-gate',
    'policy',
    'policy/policy-gate.ts',
    'if (answer === null) return null;',
    "if (answer === null || entry.envelope.payload.verb === 'CLAIM') return null;",
  ),
  ofPolicy(
    'denied-and-accepted',
    'policy',
    'apply.ts',
    'lacking ?? judgeGate(context, entry) ?? judged',
    'lacking ?? judged',
  ),
  ofPolicy(
    'commit-forgets-what-was-asked',
    'policy',
    'policy/divergence.ts',
    'asked: { input, policy',
    'asked: { input: new Uint8Array(), policy',
  ),
  ofPolicy('heard-twice', 'policy', 'policy/count-said.ts', 'if (heard.has(envelope.id)) return;', ''),
  ofPolicy('rate-without-end', 'policy', 'policy/count-said.ts', 'policy.said.clear();', ''),
  ofPolicy(
    'refused-counts-for-the-need',
    'policy',
    'policy/count-said.ts',
    "outcome === 'accepted'",
    "outcome !== 'unsigned'",
  ),
  ofPolicy('work-untold', 'policy', 'policy/policy-input.ts', 'tokens: use?.tokens ?? 0', 'tokens: 0'),
  ofPolicy(
    'violation-of-another-epoch',
    'P9',
    'proofs/proof.ts',
    'askMeasured(asked, [{ statements, cited }])',
    'askMeasured({ ...asked, policy: context.state.policy?.present ?? asked.policy }, [{ statements, cited }])',
  ),
  ofPolicy(
    'violation-for-the-bond-of-a-schema',
    'P9',
    'proofs/cost.ts',
    'Math.max(proofGas, commit?.asked?.policy.gas ?? 0)',
    'proofGas',
  ),
];
