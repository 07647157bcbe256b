/** Inputs of schema 1, some of them of another shape: the same for the same seed. */
export function generatedInputs(count: number, seed: number): unknown[] {
  const below = randomBelow(seed);
  const one = <T>(items: readonly [T, ...T[]]): T => items[below(items.length)] ?? items[0];
  const some = <T>(items: readonly [T, ...T[]]): T[] => Array.from({ length: below(3) }, () => one(items));
  const near = (limit: number): number => one([0, 1, limit - 1, limit, limit + 1, below(limit)]);
  const spent = () => ({
    money: near(1_000_000_000_000),
    messages: near(100_000),
    tokens: one([0, 0, 0, 1]),
    ms: near(604_800_000),
  });
  const flow = () => ({ label: one(['public', 'internal']), zone: one(['eu-north', 'us-east']), bytes: near(1000) });
  const envelope = () => {
    const verb = one(VERBS);
    return {
      verb,
      plane: one(['gossip', 'log']),
      bytes: near(one([4096, 65_536])),
      refs: near(16),
      body: {
        class: one(CLASSES),
        priceCap: near(1_000_000_000_000),
        seatFee: near(one([10_000_000, 100_000_000])),
        amount: one<unknown>([near(1_000_000_000_000_000), null, 'much']),
      },
    };
  };
  const input = (): Record<string, unknown> => ({
    schema: 1,
    gate: one(['preflight', 'ingress', 'law']),
    envelope: envelope(),
    sender: {
      did: `did:key:${below(1000)}`,
      roles: some(ROLES),
      zone: one(['eu-north', 'us-east', 'unverified']),
      messages: near(one([4096, 8192])),
      bytes: near(67_108_864),
    },
    need: one([null, { class: one(CLASSES), spent: spent() }]),
    work: one([
      null,
      {
        statements: below(5),
        cited: below(5),
        models: some(['small-1', 'large-2']),
        tools: some(['search', 'shell']),
        egress: Array.from({ length: below(3) }, flow),
      },
    ]),
  });
  return Array.from({ length: count }, () => spoiled(input(), below, one));
}

const VERBS = [
  ...(['NEED', 'COMMIT', 'ATTEST', 'TICK', 'MINT', 'TRANSFER', 'ESCROW', 'HEARTBEAT', 'SEAL', 'CHALLENGE'] as const),
  ...(['POLICY', 'ALTERNATE', 'RECONCILE', 'ATTEST_STATE', 'RESTART'] as const),
  ...(['DANCE', 'need'] as const),
] as unknown as readonly [string, ...string[]];
const ROLES = ['authority', 'verifier', 'arbiter', 'member', 'anyone'] as const;
const CLASSES = ['agent', 'brief', 'something else'] as const;

/** One in ten is of another shape somewhere. */
function spoiled(
  input: Record<string, unknown>,
  below: (limit: number) => number,
  one: <T>(items: readonly [T, ...T[]]) => T,
): unknown {
  if (below(10) > 0) return input;
  const keys = Object.keys(input) as [string, ...string[]];
  const key = one(keys);
  const value = one<unknown>([null, true, '', -1, [], {}, 'x'.repeat(300)]);
  return one<unknown>([value, { ...input, [key]: value }, { ...input, [`${key}2`]: value }]);
}

/** xorshift32. */
function randomBelow(seed: number): (limit: number) => number {
  let state = seed | 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}
