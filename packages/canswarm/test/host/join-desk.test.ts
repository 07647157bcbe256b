import { sodiumCrypto } from '@canswarm/local';
import { memoryStore } from '@canswarm/memory';
import {
  type Did,
  decodeCbor,
  didOfKey,
  encodeCbor,
  type Genesis,
  genesisCid,
  isMap,
  type Micro,
  ownField,
  presetParams,
  utf8,
} from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { JoinDesk, type JoinDeskOptions } from '../../src/host/join-desk.ts';
import { signVouch } from '../../src/host/vouch.ts';

const crypto = sodiumCrypto();
const seed = (name: string): Uint8Array => crypto.sha256(utf8(name));
const did = (name: string): Did => didOfKey(crypto.publicKey(seed(name)));
const signer = (name: string) => ({ did: did(name), sign: (message: Uint8Array) => crypto.sign(seed(name), message) });

const genesis: Genesis = {
  v: 1,
  kind: 'genesis',
  name: 'joining',
  time: 1,
  incarnation: 1,
  rulesVersion: 1,
  epoch: 1,
  authority: did('authority'),
  supplyCap: 1_000_000_000 as Micro,
  params: presetParams('dev'),
  accounts: [],
  members: [],
  arbiters: [],
};
const network = genesisCid(genesis, crypto.sha256);

/** A desk of a network whose only member is a key of `globex`, and what it tells. */
function open() {
  const member = { did: did('globex'), entity: 'org:globex', asn: 64_513, region: 'eu' };
  const told: string[] = [];
  let tokens = 0;
  const node = {
    state: { members: new Map([[member.did, member]]), accounts: new Map() },
    command: async () => undefined,
  };
  const desk = new JoinDesk({
    genesis,
    authority: signer('authority'),
    node: node as unknown as JoinDeskOptions['node'],
    store: memoryStore(),
    transport: { serve: () => () => undefined } as unknown as JoinDeskOptions['transport'],
    crypto,
    now: () => 1_000,
    random: (length) => {
      tokens += 1;
      return crypto.sha256(utf8(`token ${tokens}`)).slice(0, length);
    },
    onJoin: (org, dids) => told.push(`${org} ${dids.length}`),
  });
  /** What the desk says to a request: its refusal, or how many credentials it gives. */
  const ask = async (request: Parameters<typeof encodeCbor>[0]): Promise<string | number> => {
    const said = decodeCbor(await desk.admit(encodeCbor(request)));
    if (!said.ok || !isMap(said.value)) throw new Error('the desk answers no map');
    const credentials = ownField(said.value, 'credentials');
    return Array.isArray(credentials) ? credentials.length : String(ownField(said.value, 'refused'));
  };
  const vouched = (dids: readonly Did[]): Promise<string | number> => {
    const { by, signature } = signVouch(signer('globex'), network, dids);
    return ask({ by, dids: [...dids], signature });
  };
  return { desk, ask, vouched, told };
}

describe('an invitation', () => {
  it('is good for one organisation and its keys, which may ask again', async () => {
    const { desk, ask, told } = open();
    const token = desk.invite();
    const request = { dids: [did('a'), did('b')], org: 'acme', token };
    expect(await ask(request)).toBe(2);
    expect(await ask(request)).toBe(2);
    expect(await ask({ ...request, org: 'other' })).toBe('used');
    expect(await ask({ ...request, dids: [did('c')] })).toBe('used');
    expect(told).toEqual(['acme 2']);
  });

  it('does not let in others as an organisation that has credentials and has not joined yet', async () => {
    const { desk, ask } = open();
    expect(await ask({ dids: [did('a')], org: 'acme', token: desk.invite() })).toBe(1);
    const second = desk.invite();
    expect(await ask({ dids: [did('evil')], org: 'acme', token: second })).toBe('org_taken');
    expect(await ask({ dids: [did('evil')], org: 'globex', token: second })).toBe('org_taken');
    expect(await ask({ dids: [did('a')], org: 'acme', token: desk.invite() })).toBe(1);
    expect(await ask({ dids: [did('evil')], org: 'acm', token: second })).toBe(1);
  });
});

describe('a member that vouches', () => {
  it('gets credentials for 64 keys in all, whether they join or not, and for the same again', async () => {
    const { vouched, told } = open();
    const answers: (string | number)[] = [];
    for (let at = 0; at < 63; at += 3) answers.push(await vouched([0, 1, 2].map((more) => did(`key ${at + more}`))));
    expect(new Set(answers)).toEqual(new Set([3]));
    expect(await vouched([did('one more')])).toBe('org_full');
    expect(await vouched([did('key 0')])).toBe(1);
    expect(told).toHaveLength(21);
  });
});
