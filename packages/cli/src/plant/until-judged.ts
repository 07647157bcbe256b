import type { Plant } from '@canswarm/api';
import type { NodeClient } from 'canswarm';
import type { Io } from '../io.ts';
import { stageLine } from './plant-text.ts';

const LOOK_MS = 200;
const ENDS: ReadonlySet<Plant['stage']> = new Set(['settled', 'refused', 'outbid', 'unfunded']);

/**
 * The plant once it was judged and opened, and who passed it is charged; as it is then when whoever waits is interrupted. Says on the way how
 * far it is, but for the last: that is the caller's to tell.
 */
export async function untilJudged(io: Io, client: Pick<NodeClient, 'plant'>, from: Plant): Promise<Plant> {
  let seen = from;
  let told = '';
  for (;;) {
    if (ENDS.has(seen.stage) || (seen.stage === 'judged' && seen.opened) || io.signal.aborted) return seen;
    const line = stageLine(seen);
    if (line !== told) io.err.write(`${line}\n`);
    told = line;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    seen = await client.plant({ number: String(seen.number) });
  }
}
