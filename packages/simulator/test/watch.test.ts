import { apply, createState, digestAt, type State } from '@canswarm/kernel';
import type { AppliedEntry, NodeListener } from '@canswarm/node';
import { type Genesis, utf8, type VerifiedEntry } from '@canswarm/protocol';
import { expect, it } from 'vitest';
import { Watch } from '../src/watch.ts';
import { simulatedCast } from '../src/workload/cast.ts';
import type { Plants } from '../src/workload/plants.ts';
import { createWorld } from '../src/world/world.ts';
import { sha256 } from './support.ts';

const world = createWorld({ seed: 'watch', cast: simulatedCast(1) });
const { genesis: lasting } = world.network;
/** States forget digests after a few entries. */
const genesis: Genesis = { ...lasting, params: { ...lasting.params, headWindow: 16 } };

/** The law refuses it: it has another network's name. */
const entryOf = (text: string): VerifiedEntry =>
  ({
    envelope: { id: text, payload: { network: 'another', verb: 'TICK' } },
    evidence: { envelopes: [], blocks: new Map() },
    hash: sha256(utf8(text)),
  }) as unknown as VerifiedEntry;

/** Of what a node tells of itself, which the watch finds broken. */
function watched() {
  const broken: string[] = [];
  let make: ((machine: string) => NodeListener) | undefined;
  const observe = (maker: (machine: string) => NodeListener): void => {
    make = maker;
  };
  const about = { ...world, network: { ...world.network, genesis }, observe };
  new Watch(about, undefined as unknown as Plants, (property) => broken.push(property));
  const tell = (name: string, how: 'onApplied' | 'onRecovered', texts: readonly string[]): void => {
    const state: State = createState(genesis, sha256);
    for (const entry of texts.map(entryOf))
      make?.(name)[how]?.({ ...apply(state, entry, sha256), entry } as AppliedEntry, state);
  };
  return { broken, tell };
}

const texts = Array.from({ length: 60 }, (_, at) => `entry ${at}`);

it('knows the digest of each position, however old, when a node without a disk tells of all again', () => {
  const state = createState(genesis, sha256);
  for (const text of texts) apply(state, entryOf(text), sha256);
  expect(digestAt(state, 1)).toBeUndefined();

  const { broken, tell } = watched();
  tell('node-1', 'onApplied', texts);
  tell('node-2', 'onRecovered', texts);
  expect(broken).toEqual([]);
});

it('finds a node that goes another way', () => {
  const { broken, tell } = watched();
  tell('node-1', 'onApplied', texts);
  tell('node-2', 'onApplied', ['another', ...texts.slice(1)]);
  expect(new Set(broken)).toEqual(new Set(['P2']));
});
