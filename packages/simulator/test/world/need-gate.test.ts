import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PolicyEngine } from '@canswarm/ports';
import { type Capsule, encodeCapsule } from '@canswarm/protocol';
import { askNeedPolicy, folderBlocks, inlineNeedPolicies } from 'canswarm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtPolicy, commitLie, type Play, played } from './gate-play.ts';

const LONG_MS = 120_000;
const place = mkdtempSync(join(tmpdir(), 'canswarm-need-gate-'));
/** Data of one label stays in zone eu; 100 tokens of one model, and no tool. A quote has to stand where it says. */
let stays: { readonly capsule: Capsule; readonly wasm: Uint8Array };

beforeAll(async () => {
  stays = await builtPolicy(place, [
    ['"egress": {}', '"egress": { "internal": { "zones": ["eu"], "bytes": 100 } }'],
    ['"models": []', '"models": ["small-9"]'],
    ['"tokens": 0', '"tokens": 100'],
    ['"agent": 0,', '"agent": 0, "quote": 100,'],
  ]);
}, LONG_MS);

afterAll(() => rmSync(place, { recursive: true, force: true }));

/** Asks with an engine that counts what is loaded in it. */
function counting() {
  const engine = inlineNeedPolicies;
  let loaded = 0;
  const load: PolicyEngine['load'] = async (program) => {
    const { evaluate, close } = await engine.load(program);
    loaded += 1;
    return {
      evaluate,
      close: async () => {
        loaded -= 1;
        await close();
      },
    };
  };
  const ask = (...asked: Parameters<typeof askNeedPolicy>) => askNeedPolicy(asked[0], asked[1], { ...engine, load });
  return {
    ask,
    get loaded() {
      return loaded;
    },
  };
}

/** A need with that policy, changed; parts that are not served nobody has. */
const withPolicy =
  (
    change: (capsule: Capsule) => Capsule = (same) => same,
    { engine = true, capsule: served = true, wasm }: { engine?: boolean; capsule?: boolean; wasm?: Uint8Array } = {},
  ): NonNullable<Play['ofNeed']> =>
  async (content) => {
    const bytes = wasm ?? stays.wasm;
    const kept = await content.put(engine ? bytes : new Uint8Array(), 'raw');
    const capsule = change({ ...stays.capsule, ...(wasm === undefined ? {} : { engine: kept }) });
    const cid = await content.put(encodeCapsule(capsule), 'dag-cbor');
    return { policy: served ? cid : kept };
  };

const went = (zone: string) => ({ egress: [{ label: 'internal', zone, bytes: 9 }] });

describe('a need whose policy keeps its data in a zone', () => {
  it(
    'fails a result that states what it denies, though the skill of its seats would pass it',
    async () => {
      const play = { ofNeed: withPolicy(), kind: 'quote', evaluate: 'lazy', onLease: commitLie };
      const { verdicts, explained } = await played({}, ['stall'], play);
      expect(verdicts.map(({ verdict }) => verdict)).toEqual(['fail']);
      const { measured } = explained(verdicts[0]?.position ?? 0);
      expect(measured[0]).toMatchObject({ code: 'need_policy_denied', facts: [{ statements: 1, cited: 0 }] });
    },
    LONG_MS,
  );

  it(
    'pays a worker that keeps it there',
    async () => {
      const { settled, verdicts, gained } = await played(went('eu'), ['honest'], { ofNeed: withPolicy() });
      expect([settled, verdicts.map(({ verdict }) => verdict)]).toEqual([true, ['pass']]);
      expect(gained[0]).toBeGreaterThan(0);
    },
    LONG_MS,
  );

  it(
    'fails one that sends it elsewhere and says nothing of it, and the log shows why',
    async () => {
      const { verdicts, explained, gained } = await played(went('us'), ['silent'], { ofNeed: withPolicy() });
      expect(verdicts.map(({ verdict }) => verdict)).toEqual(['fail']);
      expect(gained[0]).toBeLessThan(0);
      const { measured } = explained(verdicts[0]?.position ?? 0);
      expect(measured.length).toBeGreaterThan(1);
      for (const vote of measured) {
        const facts = [{ egress: went('us').egress[0] }, { statements: 1, cited: 1 }];
        expect(vote).toMatchObject({ code: 'need_policy_denied', facts });
        expect(vote.because).toBe('need_policy_denied: egress egress_not_allowed');
        expect(vote.ofNeed?.input).toMatchObject({ gate: 'law', work: went('us') });
      }
      const [[{ ofNeed } = {}], kept] = [measured, counting()];
      if (ofNeed === null || ofNeed === undefined) return expect.fail('it has a policy');
      expect(await askNeedPolicy(ofNeed, folderBlocks(place))).toMatchObject({
        ...{ capsule: ofNeed.capsule, allow: false },
        reasons: [{ rule: 'egress', code: 'egress_not_allowed', facts: { label: 'internal', zone: 'us' } }],
      });
      expect(await kept.ask(ofNeed, folderBlocks(place))).toMatchObject({ allow: false });
      expect(kept.loaded).toBe(0);
      const other = { ...ofNeed, capsule: stays.capsule.source };
      expect(await askNeedPolicy(other, folderBlocks(place))).toMatchObject({
        away: expect.stringMatching(/is another/),
      });
    },
    LONG_MS,
  );

  it(
    'has nothing of one that says so: it gives the task back and commits nothing',
    async () => {
      const { verdicts, denied, verbs } = await played(went('us'), ['honest'], { ofNeed: withPolicy() });
      expect([verdicts, verbs.includes('COMMIT'), verbs.includes('YIELD')]).toEqual([[], false, true]);
      expect(denied[0]).toMatchObject({ verb: 'COMMIT', whose: 'need' });
      expect(denied[0]?.message).toContain('the policy of the need denies COMMIT: egress: egress_not_allowed');
    },
    LONG_MS,
  );

  it(
    'fails one that said less than it took, though both policies allow that',
    async () => {
      const use = { models: ['small-9'], tokens: 50 };
      const { verdicts, explained } = await played(use, ['silent'], { ofNeed: withPolicy() });
      expect(verdicts.map(({ verdict }) => verdict)).toEqual(['fail']);
      const { measured } = explained(verdicts[0]?.position ?? 0);
      expect(measured[0]).toMatchObject({ code: 'telemetry_false', facts: [{ model: 'small-9' }, { tokens: 50 }] });
    },
    LONG_MS,
  );
});

describe('a need whose policy', () => {
  it(
    'denies the need itself is not posted',
    async () => {
      const { refused, verbs } = await played({}, ['honest'], { ofNeed: withPolicy((one) => ({ ...one, gas: 9 })) });
      expect(refused).toMatchObject([{ verb: 'NEED', whose: 'need', reasons: [{ code: 'out_of_gas' }] }]);
      expect(verbs).not.toContain('NEED');
    },
    LONG_MS,
  );

  it.each([
    ['is not served', withPolicy(undefined, { capsule: false })],
    ['has a module that is not served', withPolicy((one) => ({ ...one, engine: one.source }))],
    ['has a module that is none', withPolicy(undefined, { wasm: new Uint8Array([0, 97, 115, 109]) })],
    ['may use more gas than a need may have others use', withPolicy((one) => ({ ...one, gas: 100_000_001 }))],
    ['may use more memory than a need may', withPolicy((one) => ({ ...one, memoryBytes: 16_777_217 }))],
    ['runs out of gas', withPolicy((one) => ({ ...one, gas: 9 }))],
  ])(
    'but its requester did not ask, and it %s, has no bid',
    async (_, ofNeed) => {
      const { verdicts, denied, verbs, settled } = await played({}, ['honest'], { ofNeed, isUnasked: true });
      expect([settled, verdicts, verbs.includes('COMMIT')]).toEqual([true, [], false]);
      expect(denied.map(({ verb, whose }) => [verb, whose])).toContainEqual(['PROPOSE', 'need']);
    },
    LONG_MS,
  );
});
