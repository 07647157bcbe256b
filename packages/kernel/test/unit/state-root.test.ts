import { type DagValue, encodeCbor, toHex } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { poolOf } from '../../src/pool.ts';
import type { State } from '../../src/state.ts';
import { snapshot, stateRoot } from '../../src/state-root.ts';
import { lay, schemaViolation } from '../support/accusation.ts';
import { sha256 } from '../support/keys.ts';
import { Story } from '../support/story.ts';
import { ADA, BOB, BYSTANDER, World } from '../world.ts';

/** A state with something in every field. */
function busy(): State {
  const world = new World();
  const judged = new Story(world).hire([ADA]).deliver().judge('pass');
  lay(world, BYSTANDER, judged.commit.id, schemaViolation(judged));
  new Story(world).hire([BOB]);
  const drawing = new Story(world);
  world.accept(
    world.reporters[0] ?? ADA,
    'TICK',
    {},
    { envelopes: [world.report(world.reporters[1] ?? ADA, { reveal: true })] },
  );
  if (drawing.plan.phase !== 'drawing') throw new Error('one reveal is too few');
  return world.state;
}

/** The rule of the spec written once more, as plainly as can be. */
function written(value: unknown): DagValue {
  if (value instanceof Map) {
    const keys = [...(value.keys() as Iterable<string>)].sort();
    return keys.map((key) => [key, written(value.get(key))]);
  }
  if (value instanceof Set) return [...(value as Set<string>)].sort();
  if (Array.isArray(value)) return value.map(written);
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value as DagValue;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, written(item)]));
}

describe('the state root', () => {
  it('is the hash of the state written out by the rule', () => {
    const state = busy();
    expect(stateRoot(state, sha256)).toBe(toHex(sha256(encodeCbor(written(snapshot(state))))));
  });

  it('covers every field that is not derived', () => {
    const fields = Object.keys(snapshot(busy()));
    // A network without a policy, or a suspension, has the root that it had before there were any.
    const known = Object.keys(busy()).filter((name) => !['pool', 'policy', 'suspensions'].includes(name));
    expect(fields.sort()).toEqual([...known, 'unstarted'].sort());
  });

  it('depends on what maps and sets hold, not on the order in which it came', () => {
    const state = busy();
    const root = stateRoot(state, sha256);
    const { accounts, members } = state;
    for (const map of [accounts, members] as readonly Map<string, unknown>[]) {
      const turned = [...map].reverse();
      map.clear();
      for (const [key, value] of turned) map.set(key, value);
    }
    expect(stateRoot(state, sha256)).toBe(root);
    poolOf(state);
    expect(stateRoot(state, sha256)).toBe(root);
  });

  it('changes with whatever changes, a key as well as a value', () => {
    const roots = new Set([stateRoot(busy(), sha256)]);
    const changes: readonly ((state: State) => unknown)[] = [
      (state) => state.accounts.set('burn', 1),
      (state) => state.accounts.set('free/nobody', 0),
      (state) => Object.assign(state, { time: state.time + 1 }),
      (state) => Object.assign([...state.needs.values()][0] ?? {}, { round: 2 }),
      (state) => [...state.needs.values()][0]?.failed.add(BYSTANDER.did),
      (state) => Object.assign([...state.committees.values()][0]?.seats[0] ?? {}, { reserved: 0 }),
      (state) => state.timers.start('hold:x', 5),
      (state) => state.timers.open('hold:x', 5),
      (state) => state.pendingDraws.clear(),
      (state) => state.challenges.clear(),
      (state) => state.accepted.clear(),
      (state) => state.digests.values.pop(),
    ];
    for (const change of changes) {
      const state = busy();
      change(state);
      roots.add(stateRoot(state, sha256));
    }
    expect(roots.size).toBe(changes.length + 1);
  });
});
