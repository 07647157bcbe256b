import { once } from 'node:events';
import { after } from '../processes/cluster.ts';
import type { Bed } from './bed.ts';

/** A move takes about so long; one that is to die does within it, ms. */
const MOVE_MS = 1_500;
const STEPS = 6;

const start = ({ nodes, etcdSettings }: Bed, bucket: number, to: string) =>
  nodes.command(['migrate', 'bucket', String(bucket), '--to', to, '--json'], etcdSettings);

/** Moves a bucket by the command that its owner has. Rejects with what that said when it failed. */
export async function moved(bed: Bed, bucket: number, to: string): Promise<void> {
  const child = start(bed, bucket, to);
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => said.push(String(chunk)));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`bucket ${bucket} was not moved to ${to}: ${said.join('')}`);
}

/** Begins to move a bucket, and is killed at a step that each round has anew. */
export async function killedMove(bed: Bed, bucket: number, to: string, round: number): Promise<void> {
  const child = start(bed, bucket, to);
  let steps = 0;
  child.stderr?.on('data', () => {
    steps += 1;
    if (steps > round % STEPS) child.kill('SIGKILL');
  });
  child.stdout?.resume();
  await Promise.race([once(child, 'exit'), after(MOVE_MS * 10, () => void child.kill('SIGKILL'))]);
}
