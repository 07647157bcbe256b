import { sodiumCrypto } from '@canswarm/local';
import type { Cid } from '@canswarm/protocol';
import { buildRecord, buildTree, utf8 } from '@canswarm/protocol';
import { expect, test } from 'vitest';
import { challengeHandlers } from '../../src/host/api/handlers/challenges.ts';
import type { HostParts } from '../../src/host/run-host.ts';

const { sha256 } = sodiumCrypto();
const record = buildRecord({ text: 'it cites nothing' }, sha256);
const tree = buildTree([{ key: 's/0001', cid: record.cid, leaves: 1, size: record.size }], sha256);
const terms = buildRecord({ v: 1, tier: 2, checker: 'any', params: {}, schemas: {}, example: null }, sha256);
const blocks = new Map<Cid, Uint8Array>([record, terms, ...tree.blocks].map(({ cid, bytes }) => [cid, bytes]));

const QUESTION =
  '{"envelope":{"body":{"telemetry":{"bytesRead":0,"bytesWritten":0,"wallMs":1}}},"need":{"spent":{"ms":1,"tokens":0}},"work":null}';

type Open = ReturnType<typeof challengeHandlers>['openChallenge'];
type Asked = Parameters<Open>[0];
type Call = Parameters<Open>[1];

/** Has a node challenge a result; what it seals, or why it seals nothing. */
async function opened(allows: boolean | null): Promise<unknown> {
  const decide = () => ({ allow: allows, reasons: [], gasUsed: 1 });
  const asked = allows === null ? {} : { asked: { input: utf8(QUESTION), policy: { cid: terms.cid, decide } } };
  const commit = { id: record.cid, need: 'need', outputs: [tree.ref], ...asked };
  const need = { id: 'need', inputs: [tree.ref], body: { acceptance: terms.cid } };
  let sealed: unknown = null;
  const node = {
    state: { commits: new Map([[record.cid, commit]]), needs: new Map([['need', need]]) },
    identities: [{ signer: { did: 'did:ada' } }],
    listen: () => () => undefined,
    challenge: async (_did: string, about: unknown) => {
      sealed = about;
      throw new Error('it is sealed');
    },
  };
  const content = { get: async (cid: Cid) => blocks.get(cid) };
  const file = { name: 'here', agents: [{ name: 'ada', did: 'did:ada' }] };
  const parts = { node, content, file, crypto: { sha256 } } as unknown as HostParts;
  const { openChallenge } = challengeHandlers({ parts } as Parameters<typeof challengeHandlers>[0]);
  const body = { by: 'ada', commit: record.cid, class: 'policy_violation', output: 0, key: '' } as const;
  const asks = async (): Promise<unknown> => openChallenge({ body } as Asked, {} as Call);
  const failure = await asks().catch((error: unknown) => error);
  return sealed ?? (failure as Error).message;
}

test('what shows that the policy denies a result is sealed', async () => {
  expect(await opened(false)).toMatchObject({
    need: 'need',
    subject: record.cid,
    class: 'policy_violation',
    evidence: { envelopes: [], blocks: [{ cid: terms.cid }, { cid: tree.ref.cid }, { cid: record.cid }] },
  });
});

test('nothing is sealed that would be dismissed', async () => {
  expect(await opened(true)).toBe('no block proves that the policy denies what this result states');
  expect(await opened(null)).toBe('no policy was asked about this result');
});
