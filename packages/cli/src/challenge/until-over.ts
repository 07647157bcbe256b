import type { Challenge } from '@canswarm/api';
import type { NodeClient } from 'canswarm';
import type { Io } from '../io.ts';
import { short } from '../text.ts';

const LOOK_MS = 200;

const isOver = ({ state }: Challenge): boolean => state !== 'sealed' && state !== 'heard';

/** The challenge once it is over; as it is then when whoever waits is interrupted. Says on the way who hears it. */
export async function untilOver(io: Io, client: NodeClient, from: Challenge): Promise<Challenge> {
  let seen = from;
  const told = new Set<string>();
  const tell = (line: string): void => {
    if (told.has(line)) return;
    told.add(line);
    io.err.write(`${line}\n`);
  };
  for (;;) {
    for (const { instance, by, ruling } of seen.instances) {
      tell(`instance ${instance}, ${by}, hears it`);
      if (ruling !== null) tell(`instance ${instance} says ${ruling}`);
      if (by === 'arbiters' && ruling === null)
        tell(`Arbiters answer with: canswarm challenge judge ${short(seen.id)} uphold|dismiss --by ARBITER`);
    }
    if (seen.appealBond !== null) tell(`It may be appealed now: canswarm challenge appeal ${short(seen.id)}`);
    if (isOver(seen) || io.signal.aborted) return seen;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    seen = await client.challenge({ id: seen.id });
  }
}
