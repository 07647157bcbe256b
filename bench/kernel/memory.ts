import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { NAMES_KEPT, type State } from '@canswarm/kernel';
import { figure } from '../measure.ts';
import type { Metrics } from '../metrics.ts';
import { memoryBench } from '../spine/memory.ts';
import { didAt } from './entries.ts';
import { addAccount, addVerifier, emptyState } from './states.ts';

/**
 * Heap is compared between these two numbers, so that what is there anyway does not count; nor do the names that the law keeps: at both they
 * are as many, all of this state.
 */
const FEW = NAMES_KEPT;
const MANY = FEW + NAMES_KEPT;

/** Heap that a state takes for one more open need, account or member. */
export async function sizesBench(): Promise<Metrics> {
  const account = perPiece((state, index) => addAccount(state, didAt(index), index));
  const member = perPiece((state, index) =>
    addVerifier(state, didAt(index), { org: `o${index}`, asn: index, region: 'eu', stake: 1 }),
  );
  const { 'memory.bytesPerOpenNeed': need = Number.NaN } = await memoryBench();
  return { bytesPerNeed: need, bytesPerAccount: figure(account), bytesPerMember: figure(member) };
}

function perPiece(add: (state: State, index: number) => void): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heap = (): number => {
    for (let turn = 0; turn < 4; turn += 1) collect();
    return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  };
  const state = emptyState('dev');
  for (let index = 0; index < FEW; index += 1) add(state, index);
  const before = heap();
  for (let index = FEW; index < MANY; index += 1) add(state, index);
  const taken = heap() - before;
  // The state is in use to here, so nothing of it was collected.
  if (state.accounts.size + state.members.size < MANY) throw new Error('the state lacks what was added');
  return taken / (MANY - FEW);
}
