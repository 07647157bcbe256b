import { describe, expect, it } from 'vitest';
import { causeReasons, measuredFacts, readCause, withMeasured } from '../../src/policy/measured-work.ts';
import { needPolicyInput } from '../../src/policy/policy-input.ts';
import { snapshot } from '../../src/state-root.ts';
import { TRUTHFUL } from '../support/documents.ts';
import { inGenesis, tinyEngine, tinyPolicy } from '../support/policies.ts';
import { Story } from '../support/story.ts';
import { ADA, REQUESTER, World } from '../world.ts';

const { cid: CAPSULE } = tinyPolicy({ deny: ['COMMIT'] });
const UNUSED = { wallMs: 7, bytesRead: 0, bytesWritten: 0 };
const use = { tokens: 5, models: [], tools: [], egress: [] };

const USED = { ...UNUSED, use: { ...use, egress: [{ label: 'internal', zone: 'eu', bytes: 3 }] } };

/** A COMMIT under a need that names a policy of its own. */
function committed(world: World) {
  const story = new Story(world, { policy: CAPSULE }).hire([ADA]);
  const telemetry = { wallMs: 7, bytesRead: 0, bytesWritten: 0, use };
  world.accept(ADA, 'COMMIT', { ...story.held(), outputs: [TRUTHFUL], trace: null, telemetry });
  return { world, story, asked: story.commit.askedOfNeed };
}

const shown = (input: Uint8Array | undefined) => JSON.parse(new TextDecoder().decode(input)) as Record<string, unknown>;

describe('the policy of a need', () => {
  it('is kept with what it is asked about a COMMIT, which the law does not ask it', () => {
    const { asked, story, world } = committed(new World());
    expect(asked?.capsule).toBe(CAPSULE);
    expect(story.commit).not.toHaveProperty('asked');
    expect(shown(asked?.input)).toMatchObject({
      gate: 'law',
      envelope: { verb: 'COMMIT', refs: 0 },
      sender: { did: ADA.did, messages: 1 },
      need: { spent: { messages: 1, tokens: 5, ms: 7 } },
    });
    expect(JSON.stringify([...(snapshot(world.state)['commits'] as Map<string, unknown>).values()])).toContain(CAPSULE);
    expect(new Story(new World()).hire().deliver().commit).not.toHaveProperty('askedOfNeed');
  });

  it('is asked the same whatever else was said, also where the network has a policy that counts that', () => {
    const policy = inGenesis(tinyPolicy({ deny: [] }));
    const counted = committed(new World({ policy, load: tinyEngine().load }));
    expect(counted.story.commit.asked?.input).not.toEqual(counted.asked?.input);
    const { sender, need } = shown(counted.asked?.input);
    expect([sender, need]).toMatchObject([{ messages: 1 }, { spent: { messages: 1 } }]);
    const { world } = counted;
    const body = { to: ADA.did, amount: 1, create: false };
    const { payload } = world.entry(REQUESTER, 'TRANSFER', body).envelope;
    const before = needPolicyInput(world.state, payload);
    world.accept(REQUESTER, 'TRANSFER', body);
    expect(needPolicyInput(world.state, { ...payload, lamport: 1_000_000, time: 1 })).toEqual(before);
  });

  it('is asked by seats what its worker asked before it committed, to the byte', () => {
    const world = new World();
    const story = new Story(world, { policy: CAPSULE }).hire([ADA]);
    const stated = { statements: 4, cited: 3 };
    for (const telemetry of [USED, UNUSED]) {
      const body = { ...story.held(), outputs: [TRUTHFUL], trace: null, telemetry };
      const { payload } = world.entry(ADA, 'COMMIT', body).envelope;
      const before = needPolicyInput(world.state, payload, stated);
      expect(withMeasured(needPolicyInput(world.state, payload), [stated])).toEqual(before);
    }
  });

  it('is asked with what was measured; a vote says by which rule it denied, also what the worker said', () => {
    const { asked } = committed(new World());
    if (asked === undefined) return expect.fail('it has a policy');
    expect(withMeasured(asked.input, [])).toBe(asked.input);
    const facts = measuredFacts(asked.input, { wallMs: 0, use: { ...use, tools: ['t'] } });
    expect(shown(withMeasured(asked.input, facts))).toMatchObject({ work: { tools: ['t'] } });
    const denials = [{ rule: 'egress', code: 'far', facts: {} }];
    const code = 'need_policy_denied' as const;
    for (const known of [facts, []]) {
      const reasons = causeReasons({ code, facts: known, denials });
      expect(reasons[0]).toBe('need_policy_denied: egress far');
      expect(readCause(reasons)).toEqual({ code, facts: known });
    }
    expect(readCause(['policy_denied: egress far'])).toBe(null);
  });
});
