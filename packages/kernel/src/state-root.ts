import { type DagValue, encodeCbor, type Sha256, toHex } from '@canswarm/protocol';
import { inWindow } from './history.ts';
import type { PolicyState } from './policy/network-policy.ts';
import type { Commit, Need, State } from './state.ts';

/**
 * The state root, hex: sha256 over the canonical DAG-CBOR of all state that later entries can depend on. Maps are lists
 * of pairs sorted by key, sets are sorted lists, what is derived is left out: the pool of the present position, and what is loaded of policies.
 * Source: `spec/03-kernel.md`, state root.
 */
export function stateRoot(state: State, sha256: Sha256): string {
  return toHex(sha256(encodeCbor(plain(snapshot(state)))));
}

/** The state as a plain value, by field name. For the root, for debugging and for comparing two states. */
export function snapshot(state: State): Readonly<Record<string, unknown>> {
  const { timers, pool: _derived, policy, suspensions, needs, commits, accepted, charged, ...rest } = state;
  return {
    ...rest,
    accepted: inWindow(state, accepted, (position) => position),
    charged: inWindow(state, charged, ({ position }) => position),
    needs: new Map([...needs].map(([id, need]) => [id, unloaded(need)])),
    commits: new Map([...commits].map(([id, commit]) => [id, unloaded(commit)])),
    ...(policy === null ? {} : { policy: counted(policy) }),
    ...(suspensions.size === 0 ? {} : { suspensions }),
    timers: timers.list(),
    unstarted: timers.unstarted,
  };
}

/** A need or commit without what is loaded of the policy that was asked about it, and what that answered. */
function unloaded({ asked, ...about }: Need | Commit): unknown {
  return asked === undefined ? about : { ...about, asked: { capsule: asked.policy.cid, input: asked.input } };
}

/** A policy without what is loaded of it. */
function counted({ present: _derived, ...policy }: PolicyState): Omit<PolicyState, 'present'> {
  return policy;
}

function plain(value: unknown): DagValue {
  if (value instanceof Map) {
    return [...value]
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))
      .map(([key, item]) => [String(key), plain(item)]);
  }
  if (value instanceof Set) return [...value].sort();
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  }
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  throw new TypeError(`state holds a ${typeof value}`);
}
