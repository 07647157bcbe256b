import { readFileSync } from 'node:fs';
import { systemClock } from '@canswarm/local';
import { memoryContent } from '@canswarm/memory';
import { NeedPolicies } from '@canswarm/node';
import { type Capsule, encodeCapsule, NEED_POLICY_GAS_MAX, utf8 } from '@canswarm/protocol';
import { expect, it } from 'vitest';
import { needPolicies } from '../../src/policy/network-policies.ts';
import { crypto } from '../proof/small-log.ts';

const SUITE = new URL('../../../ports/src/compliance/policy-engine/suite.wasm', import.meta.url);
/** What has the policy of the suite go on far beyond its gas. */
const SPIN = utf8('{"task":"spin","number":1000}');
/** Longest that a turn of the loop may take beside it on average; the bombs burn for longer together. */
const TURN_MS = 50;

it('the policy of a need that does not end denies, and nobody waits for it', { timeout: 60_000 }, async () => {
  const content = memoryContent(crypto.sha256);
  const engine = await content.put(new Uint8Array(readFileSync(SUITE)), 'raw');
  const capsule: Capsule = {
    ...{ v: 1, schema: 1, name: 'bomb', parameters: { word: 'bond' }, builtins: ['sprintf'] },
    ...{ gas: NEED_POLICY_GAS_MAX, memoryBytes: 16_777_216 },
    ...{ engine, source: engine, conformance: engine },
  };
  const cid = await content.put(encodeCapsule(capsule), 'dag-cbor');
  const clock = systemClock();
  const policies = new NeedPolicies({ content, engine: needPolicies, clock });
  let turns = 0;
  const counting = setInterval(() => {
    turns += 1;
  }, 1);
  const begun = performance.now();
  const answers = await Promise.all(Array.from({ length: 8 }, () => policies.ask(cid, SPIN, clock.now() + 50_000)));
  clearInterval(counting);
  const tookMs = performance.now() - begun;
  for (const answer of answers)
    expect(answer).toMatchObject({ ok: true, decision: { allow: false, reasons: [{ code: 'out_of_gas' }] } });
  expect(tookMs / (1 + turns)).toBeLessThan(TURN_MS);
  expect(tookMs).toBeGreaterThan(2 * TURN_MS);
});
