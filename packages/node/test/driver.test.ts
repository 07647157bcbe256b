import { sodiumCrypto, softwareSigner } from '@canswarm/local';
import { memoryMeter, memoryStore } from '@canswarm/memory';
import type { LogRecord, Store } from '@canswarm/ports';
import {
  type Capsule,
  cidOf,
  createMemo,
  encodeCapsule,
  type Genesis,
  presetParams,
  signEntry,
  utf8,
} from '@canswarm/protocol';
import { describe, expect, test } from 'vitest';
import { Driver, type DriverOptions } from '../src/driver.ts';
import { createVerified, type Verified } from '../src/index.ts';

const crypto = sodiumCrypto();
const signer = softwareSigner(new Uint8Array(32).fill(1));
const genesis: Genesis = {
  v: 1,
  kind: 'genesis',
  name: 'driven',
  time: 1_800_000_000_000,
  incarnation: 1,
  rulesVersion: 1,
  epoch: 1,
  authority: signer.did,
  supplyCap: 1_000_000_000,
  params: presetParams('dev'),
  accounts: [{ did: signer.did, free: 1_000_000, stake: 0 }],
  members: [],
  arbiters: [],
};

function lifeOn(
  store: Store,
  verified: Verified | null = null,
  verify = crypto.verify,
  own: Partial<DriverOptions> = {},
): Driver {
  return new Driver({
    genesis,
    crypto: { ...crypto, verify },
    policies: null,
    memo: createMemo(),
    verified,
    store,
    meter: memoryMeter(),
    ...own,
    onApplying: () => undefined,
    onApplied: () => undefined,
    onRecovered: () => undefined,
    onRefused: () => undefined,
  });
}

/** The next entry of the only key. */
function entryFor({ state }: Driver, lamport: number): Uint8Array {
  const { network, incarnation, position, digest, epoch } = state;
  const head = { incarnation, position, digest };
  const draft = { network, thread: null, lamport, time: genesis.time, epoch, from: signer.did, head };
  return signEntry({ ...draft, verb: 'STAKE', body: { amount: 1 } }, null, signer, crypto.sha256).bytes;
}

/** An entry of which one byte of the signature, its last 64, is another. */
function forged(bytes: Uint8Array): Uint8Array {
  const other = bytes.slice();
  const { length } = other;
  other[length - 32] = (other[length - 32] ?? 0) ^ 1;
  return other;
}

const junk: Readonly<Record<string, (driver: Driver) => Uint8Array>> = {
  'that is no entry': () => utf8('nothing'),
  'with a forged signature': (driver) => forged(entryFor(driver, 9)),
};

for (const [what, bytesFor] of Object.entries(junk)) {
  test(`a record ${what}, persisted by a life that ended before it was judged, keeps no later life from starting`, () => {
    const store = memoryStore();
    const first = lifeOn(store);
    first.take([{ cursor: 1, bytes: entryFor(first, 1) }]);
    // The life ends between the first step, which persists the record, and the third.
    const failing: Store = {
      ...store,
      get: (key) => store.get(key),
      scan: (prefix) => store.scan(prefix),
      batch(operations, options) {
        if (operations.some(({ key }) => key === 'cursor')) throw new Error('killed');
        store.batch(operations, options);
      },
    };
    const killed = lifeOn(failing);
    expect(killed.recover()).toBe(1);
    const junk: LogRecord = { cursor: 2, bytes: bytesFor(killed) };
    expect(() => killed.take([junk])).toThrow('killed');
    const third = lifeOn(store);
    expect(third.recover()).toBe(2);
    third.take([{ cursor: 3, bytes: entryFor(third, 3) }]);
    expect(third.state.position).toBe(2);
    const fourth = lifeOn(store);
    expect(fourth.recover()).toBe(3);
    expect(fourth.state.digest).toEqual(third.state.digest);
    expect([...fourth.entries()].map(({ cursor }) => cursor)).toEqual([1, 3]);
  });
}

test('of nodes that share what they verified, the second checks no signature again, and both refuse what is forged', () => {
  const verified = createVerified(1_000_000);
  let checks = 0;
  const counting = (...of: Parameters<typeof crypto.verify>): boolean => {
    checks += 1;
    return crypto.verify(...of);
  };
  const [first, second] = [lifeOn(memoryStore(), verified, counting), lifeOn(memoryStore(), verified, counting)];
  const bytes = entryFor(first, 1);
  const records = [
    { cursor: 1, bytes: forged(bytes) },
    { cursor: 2, bytes },
  ];
  first.take(records);
  expect(checks).toBe(2);
  second.take(records);
  expect([first, second].map(({ state }) => state.position)).toEqual([1, 1]);
  expect(second.state.digest).toEqual(first.state.digest);
  expect(checks).toBe(3);
});

test('what a node applied again without checking, it tells no other that it checked', () => {
  const [store, verified] = [memoryStore(), createVerified(1_000_000)];
  const first = lifeOn(store);
  const bytes = entryFor(first, 1);
  first.take([{ cursor: 1, bytes }]);
  expect(lifeOn(store, verified).recover()).toBe(1);
  const doubtful = lifeOn(memoryStore(), verified, () => false);
  doubtful.take([{ cursor: 1, bytes }]);
  expect(doubtful.state.position).toBe(0);
});

test('a log that went on without what a node took is not followed; one that holds it is', () => {
  const store = memoryStore();
  const first = lifeOn(store);
  first.take([{ cursor: 3, bytes: entryFor(first, 1) }]);
  first.take([{ cursor: 7, bytes: entryFor(first, 2) }]);
  const again = (): Driver => {
    const driver = lifeOn(store);
    driver.recover();
    return driver;
  };
  expect(again().after).toBe(3);
  const last = store.get('entry/0000000000000007') ?? new Uint8Array();
  const next = entryFor(again(), 3);
  for (const records of [[{ cursor: 7, bytes: next }], [{ cursor: 8, bytes: next }]])
    expect(() => again().follow(records)).toThrow('it was restored and went on without what this node holds');
  const third = again();
  third.follow([
    { cursor: 7, bytes: last },
    { cursor: 8, bytes: next },
  ]);
  expect(third.state.position).toBe(3);
});

describe('where a policy holds, a life whose engine decides otherwise', () => {
  const engine = utf8('allows what it is told to');
  const named = cidOf(engine, 'raw', crypto.sha256);
  const capsule: Capsule = {
    ...{ v: 1, name: 'told', schema: 1, engine: named, source: named, conformance: named },
    ...{ parameters: {}, gas: 1, memoryBytes: 65_536, builtins: [] },
  };
  const ruled: Genesis = { ...genesis, policy: { capsule: encodeCapsule(capsule), engine } };

  function ruledLife(store: Store, allow: boolean) {
    const meter = memoryMeter();
    const policies: DriverOptions['policies'] = () => () => ({ allow, reasons: [], gasUsed: 1 });
    const driver = lifeOn(store, null, crypto.verify, { genesis: ruled, policies, meter });
    return { driver, judgedOtherwise: () => meter.read()['log.judged_otherwise'] ?? 0 };
  }
  const stakeOf = ({ state }: Driver): number => state.accounts.get(`stake/${signer.did}`) ?? 0;

  /** What a life keeps whose engine denies the two entries that it takes. */
  function denied(): Store {
    const store = memoryStore();
    const { driver } = ruledLife(store, false);
    for (const lamport of [1, 2]) driver.take([{ cursor: lamport, bytes: entryFor(driver, lamport) }]);
    expect([driver.state.position, stakeOf(driver)]).toEqual([2, 0]);
    return store;
  }

  test('judges the same entries anew, and its own outcomes count from then on', () => {
    const store = memoryStore();
    const broken = ruledLife(store, false).driver;
    const bytes = entryFor(broken, 1);
    broken.take([{ cursor: 1, bytes }]);
    const { driver, judgedOtherwise } = ruledLife(store, true);
    expect(driver.recover()).toBe(1);
    expect([stakeOf(driver), judgedOtherwise()]).toEqual([1, 1]);
    const sound = ruledLife(memoryStore(), true).driver;
    sound.take([{ cursor: 1, bytes }]);
    expect(driver.state.digest).toEqual(sound.state.digest);
    driver.follow([
      { cursor: 1, bytes },
      { cursor: 2, bytes: entryFor(driver, 2) },
    ]);
    const next = ruledLife(store, true);
    expect(next.driver.recover()).toBe(2);
    expect([stakeOf(next.driver), next.judgedOtherwise()]).toEqual([2, 0]);
  });

  test.each([
    ['another record', '0000000000000001', (of: Store) => of.get('entry/0000000000000002')],
    ['a forged one', '0000000000000002', (of: Store) => forged(of.get('entry/0000000000000002') ?? new Uint8Array())],
  ])('starts on no store that holds %s', (_, key, bytesOf) => {
    const store = denied();
    const value = bytesOf(store) ?? expect.fail('it kept two');
    store.batch([{ key: `entry/${key}`, value }], { sync: false });
    expect(() => ruledLife(store, true).driver.recover()).toThrow('its entries are others');
  });

  test('starts on no store that does not say what bytes it took', () => {
    const store = denied();
    const [cursor, digest] = new TextDecoder().decode(store.get('cursor')).split(' ');
    store.batch([{ key: 'cursor', value: utf8(`${cursor} ${digest}`) }], { sync: false });
    expect(() => ruledLife(store, true).driver.recover()).toThrow('its entries are others');
    expect(ruledLife(store, false).driver.recover()).toBe(2);
  });
});

test('without a policy nothing judges otherwise: a digest that differs is damage', () => {
  const store = memoryStore();
  const first = lifeOn(store);
  first.take([{ cursor: 1, bytes: entryFor(first, 1) }]);
  const [cursor, , bytes] = new TextDecoder().decode(store.get('cursor')).split(' ');
  const other = `${cursor} ${'0'.repeat(64)}`;
  store.batch([{ key: 'cursor', value: utf8(`${other} ${bytes} ${other}`) }], { sync: false });
  expect(() => lifeOn(store).recover()).toThrow('its entries are others');
});
