import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KernelEvent, LoadPolicy } from '@canswarm/kernel';
import type { AppliedEntry, CheckedEngine, Divergence } from '@canswarm/node';
import { type Did, type PolicyDecision, policyDigest, toHex } from '@canswarm/protocol';
import { genesisPolicy, networkPolicies } from 'canswarm';
import { describe, expect, it } from 'vitest';
import { quoteCast } from '../../src/workload/quote-cast.ts';
import { quoteNeed } from '../../src/workload/quote-need.ts';
import { publishQuoteTask } from '../../src/workload/quote-skill.ts';
import { createWorld } from '../../src/world/world.ts';
import { sha256 } from '../support.ts';

const LONG_MS = 240_000;
const BASE = join(import.meta.dirname, '../../../../policies/base');
const VECTOR = readFileSync(join(BASE, 'conformance.json'));
const policy = genesisPolicy(BASE);
/** Whose engine counts one unit of gas too many. */
const ODD = 'verifier-01';
const NEEDS_MAX = 20;

const oneMore = (decision: PolicyDecision): PolicyDecision => ({ ...decision, gasUsed: decision.gasUsed + 1 });

const oddPolicies: LoadPolicy = (of) => {
  const decide = networkPolicies(of);
  return decide === null ? null : (input) => oneMore(decide(input));
};

type Of<Type extends KernelEvent['type']> = Extract<KernelEvent, { readonly type: Type }>;

/** A network with the base policy, of which the engine of one node may be odd; what it brings about, as an honest node sees it. */
async function openWorld(isVectorServed: boolean, engineOf: () => LoadPolicy) {
  const policies = (machine: string): LoadPolicy => (machine === ODD ? engineOf() : networkPolicies);
  const world = createWorld({ seed: 'an odd engine', cast: quoteCast(), policy, policies, isVerifiedOnce: true });
  const { network, clock, content } = world;
  const { node, did } = network.person('requester');
  const applied: AppliedEntry[] = [];
  const diverged: { readonly by: string; readonly what: Divergence }[] = [];
  const checks: CheckedEngine[] = [];
  node.listen({ onApplied: (entry) => void applied.push(entry) });
  world.observe((by) => ({
    onDiverged: (what) => void diverged.push({ by, what }),
    onEngineChecked: (check) => void (by === ODD && checks.push(check)),
  }));
  const task = await clock.settled(publishQuoteTask('Word for word.', content, sha256));
  if (isVectorServed) await content.put(VECTOR, 'raw');
  network.start();
  const after = <Type extends KernelEvent['type']>(type: Type, position = 0) =>
    applied
      .filter((entry) => entry.position > position)
      .flatMap((entry) => entry.events.map((event) => ({ event, position: entry.position })))
      .filter((one): one is { event: Of<Type>; position: number } => one.event.type === type);
  /** Posts needs one after another, each until it is settled, until something holds. */
  const needsUntil = async (isSo: () => boolean): Promise<void> => {
    for (let count = 0; !isSo(); count += 1) {
      if (count === NEEDS_MAX) return expect.fail(`not after ${NEEDS_MAX} needs`);
      const id = await clock.settled(node.postNeed(did, quoteNeed(task)));
      const isOf = ({ event }: { readonly event: { readonly need: string } }): boolean => event.need === id;
      await clock.runUntil(() => after('need_settled').some(isOf), { untilMs: clock.now() + 300_000 });
      expect(after('finalized').filter(isOf)).toHaveLength(1);
    }
  };
  const pass = async (ms: number): Promise<void> =>
    void (await clock.runUntil(() => false, { untilMs: clock.now() + ms }));
  const accepted = (...verbs: readonly string[]): readonly AppliedEntry[] =>
    applied.filter(({ entry, outcome }) => outcome.accepted && verbs.includes(entry.envelope.payload.verb));
  /** Accepted entries that count a vote of a member. */
  const counting = (member: Did): readonly AppliedEntry[] =>
    accepted('DECIDE', 'CERTIFY').filter(({ entry }) =>
      entry.evidence.envelopes.some(({ payload }) => payload.from === member && 'policyDigest' in payload.body),
    );
  const odd = network.person(ODD).did;
  const judges = network.people.filter(({ member }) => member.verifier).map((one) => one.did);
  return { ...world, node, odd, judges, diverged, checks, after, needsUntil, pass, accepted, counting };
}

describe('a node whose engine counts one unit of gas too many', () => {
  it(
    'is found out, is drawn no more while others are, and again once its engine is repaired and it conforms',
    async () => {
      let engine = oddPolicies;
      const world = await openWorld(false, () => engine);
      const { node, odd, judges, content, diverged, checks, after, needsUntil, pass, accepted, counting } = world;
      const law = node.state.policy?.present ?? expect.fail('it has a policy');
      const seatsAfter = (position: number): ReadonlySet<string> =>
        new Set(after('seated', position).map(({ event }) => event.did));

      // Nobody has the vector by which it would find out by itself: it is drawn, and votes.
      await needsUntil(() => after('member_suspended').length > 0);
      expect(checks).toMatchObject([{ status: 'away' }]);
      expect(seatsAfter(0)).toContain(odd);

      // All others hear a vote that names what this engine makes of what they asked.
      const seen = diverged.filter(({ what }) => what.member === odd);
      expect(new Set(seen.map(({ by }) => by)).size).toBe(world.nodes.size - 1);
      for (const { what } of seen) {
        const { input, named, due } = what;
        if (input === null || named === null || due === null) return expect.fail('it tells what it asked');
        const digest = (decision: PolicyDecision): string => toHex(policyDigest(sha256, law.cid, input, decision));
        const decision = law.decide(input);
        expect([toHex(due), toHex(named)]).toEqual([digest(decision), digest(oneMore(decision))]);
      }

      // The log takes one such vote, which counts for nothing.
      const [suspended, ...more] = after('member_suspended');
      if (suspended === undefined) return expect.fail('it is suspended');
      const shown = seen.find(({ what }) => what.vote === suspended.event.vote)?.what;
      if (shown?.named == null || shown.due === null) return expect.fail('its vote was reported');
      expect([suspended.event, more]).toEqual([
        { type: 'member_suspended', did: odd, vote: shown.vote, named: toHex(shown.named), due: toHex(shown.due) },
        [],
      ]);

      // Needs go on and become final until every other verifier was drawn, and it was not.
      await needsUntil(() => seatsAfter(suspended.position).size === judges.length - 1);
      expect(seatsAfter(suspended.position)).not.toContain(odd);
      expect([accepted('CONFORM'), counting(odd)]).toEqual([[], []]);

      // The vector is served: started with the same engine it finds out what is wrong, and does not conform.
      await content.put(VECTOR, 'raw');
      world.restart(ODD);
      await pass(5_000);
      const found = checks.at(-1);
      if (found?.status !== 'failed') return expect.fail('its engine fails');
      expect([found.different, found.first.decided]).toEqual([found.cases, oneMore(found.first.due)]);
      expect([accepted('CONFORM'), after('member_conformed')]).toEqual([[], []]);

      // With the engine that others have it judges the log anew, conforms and is drawn again, and its votes count.
      engine = networkPolicies;
      world.restart(ODD);
      await pass(5_000);
      expect(checks.at(-1)).toEqual({ status: 'passed', capsule: law.cid, cases: found.cases });
      expect(world.meterOf(ODD).read()).toMatchObject({ 'log.judged_otherwise': 1 });
      const [conformed, ...others] = after('member_conformed');
      if (conformed === undefined) return expect.fail('it conforms');
      expect([conformed.event, others]).toEqual([{ type: 'member_conformed', did: odd, cases: found.cases }, []]);
      const before = diverged.length;
      await needsUntil(() => counting(odd).length > 0);
      expect(seatsAfter(conformed.position)).toContain(odd);
      expect([diverged.length, after('member_suspended').length]).toEqual([before, 1]);
      const ends = [...world.nodes.values()].map(({ state }) => toHex(state.digest));
      expect(new Set(ends)).toEqual(new Set([toHex(node.state.digest)]));
    },
    LONG_MS,
  );

  it(
    'votes never where it has the vector',
    async () => {
      const { checks, diverged, after, needsUntil, counting, odd } = await openWorld(true, () => oddPolicies);
      // It is drawn all the same.
      await needsUntil(() => after('seated').some(({ event }) => event.did === odd));
      expect(checks).toMatchObject([{ status: 'failed' }]);
      expect(diverged.filter(({ what }) => what.member === odd)).toEqual([]);
      expect([after('member_suspended'), counting(odd)]).toEqual([[], []]);
    },
    LONG_MS,
  );
});
