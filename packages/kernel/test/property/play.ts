import type { EnvelopeId } from '@canswarm/protocol';
import { apply } from '../../src/apply.ts';
import { createState } from '../../src/genesis-state.ts';
import { mayReport } from '../../src/reports.ts';
import { stateRoot } from '../../src/state-root.ts';
import { sha256 } from '../support/keys.ts';
import { who } from '../support/story.ts';
import { loadToy } from '../support/toy-policy.ts';
import { AUTHORITY, type Law, type World } from '../world.ts';
import { Broken } from './checks/finding.ts';
import { Watched } from './checks/watched.ts';
import { Choices } from './history/choices.ts';
import { type History, POLICED_COMMANDS } from './history/deeds.ts';
import { Scene, truthOf, worldOptions } from './history/scene.ts';

/** A history that was played, and what did not hold in it. */
export interface Played {
  readonly world: World;
  readonly broken: Broken | null;
}

/** The law as it is. */
const LAW: Law = { apply, createState };

/**
 * Plays a history against a law. Every property is checked after every entry; it ends where one does not hold, or with `goOn` where
 * the history does.
 */
export function play({ setting, deeds, toEnd }: History, law = LAW, goOn = false): Played {
  const honest = new Set<EnvelopeId>();
  const world = new Watched({ ...worldOptions(setting), law }, truthOf(honest), goOn);
  const scene = new Scene(world, setting, honest);
  try {
    for (const { name, number } of deeds) {
      const command = POLICED_COMMANDS.find((one) => one.name === name);
      command?.run(scene, new Choices(number));
    }
    if (toEnd) end(world);
  } catch (error) {
    const detail = error instanceof Error ? String(error.stack) : String(error);
    const broken =
      error instanceof Broken ? error.findings : [{ property: 'history', detail: `cannot be played: ${detail}` }];
    return { world, broken: new Broken([...world.found, ...broken]) };
  }
  return { world, broken: world.found.length === 0 ? null : new Broken(world.found) };
}

/** The longest deadline, then a judgement with all its redraws, waits and windows. */
const END_MOST_MS = 90_000 + 60_000 + 60_000;

/** Nobody does anything any more but tick: all that is open ends (P15), and the same log is the same state again (P2). */
function end(world: World): void {
  const { state } = world;
  const began = state.time;
  const isOpen = (): boolean => {
    const unbonding = [...state.unbondings.values()].flat().some(({ over }) => !over);
    return state.needs.size > 0 || state.escrows.size > 0 || unbonding;
  };
  for (let count = 0; isOpen(); count += 1) {
    const open = [...state.needs.values()].map(({ phase }) => phase).join(', ');
    if (count > 500 || state.time - began > END_MOST_MS)
      throw new Broken([{ property: 'P15', detail: `after ${state.time - began} ms still open: ${open}` }]);
    const next = state.timers.next() ?? 0;
    const ahead = state.timers.unstarted.size > 0 ? 0 : Math.min(next, world.now + 50_000);
    world.now = Math.max(world.now + 50, ahead);
    const verifiers = [...state.members.keys()].filter((did) => mayReport(state, did)).map(who);
    const able = verifiers.length > 0 ? verifiers : [AUTHORITY];
    const envelopes = able.map((key) => world.report(key, { reveal: count % 3 !== 2 }));
    world.submit(able[0] ?? AUTHORITY, 'TICK', {}, { envelopes });
  }
  for (const [did, all] of [...state.unbondings])
    for (const { id } of all) world.submit(who(did), 'WITHDRAW', { unbonding: id });
  const kinds = new Set([...state.accounts.keys()].map((account) => account.split('/')[0]));
  const left = [...kinds].filter(
    (kind) => !['mint', 'burn', 'free', 'stake', 'delegation', 'trial', 'fund'].includes(kind ?? ''),
  );
  if (left.length > 0) throw new Broken([{ property: 'P15', detail: `nothing is open and ${left.join()} is held` }]);
  replay(world);
}

function replay(world: World): void {
  const again = createState(world.genesis, sha256, loadToy);
  for (const entry of world.entries) apply(again, entry, sha256, loadToy);
  if (stateRoot(again, sha256) !== world.root())
    throw new Broken([{ property: 'P2', detail: 'the same log gives another state' }]);
}
