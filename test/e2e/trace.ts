import { createWorld } from '@canswarm/simulator';
import { postQuote } from '../world/post-quote.ts';
import { witness } from '../world/witness.ts';

const LIMIT_MS = 60_000;

/** The trace hash of a network that meets one need, from its genesis to the last seat paid. */
export async function traceOf(seed: string): Promise<string> {
  const world = createWorld({ seed });
  const seen = witness(world);
  world.network.start();
  const need = await postQuote(world);
  const { end } = await world.clock.runUntil(() => seen.settled(need), { untilMs: world.clock.now() + LIMIT_MS });
  if (end !== 'done' || seen.faults.length > 0) throw new Error(`${seed} ended by ${end}: ${seen.faults.join('; ')}`);
  return world.traceHash();
}

if (import.meta.main) console.log(await traceOf(process.argv[2] ?? 'a'));
