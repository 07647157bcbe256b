import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { apply, createState } from '@canswarm/kernel';
import { sodiumCrypto } from '@canswarm/local';
import {
  buildPayload,
  cidOf,
  createMemo,
  encodeCbor,
  sealEntry,
  signEnvelope,
  utf8,
  verifyEntry,
} from '@canswarm/protocol';
import { createWorld, publishQuoteTask } from '@canswarm/simulator';
import { figure } from '../measure.ts';
import type { Metrics } from '../metrics.ts';
import { numberedNeed, wealthyCast } from './world.ts';

/** Heap is compared between these two numbers of open needs, so that what is there anyway does not count. */
const FEW = 500;
const MANY = 2_500;

/** What an open need costs a state: the heap that 2 000 more of them take. */
export async function memoryBench(): Promise<Metrics> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const world = createWorld({ seed: 'memory', cast: wealthyCast() });
  const { network, clock, content } = world;
  const { sha256 } = sodiumCrypto();
  const crypto = sodiumCrypto();
  const task = await clock.settled(publishQuoteTask('A text.', content, sha256));
  const requester = network.person('requester');
  const state = createState(network.genesis, sha256);
  const memo = createMemo({ envelopeBytes: 1, roots: 1 });
  const heap = (): number => {
    for (let turn = 0; turn < 4; turn += 1) collect();
    return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  };
  let before = 0;
  let bytes = 0;
  for (let index = 0; index < MANY; index += 1) {
    if (index === FEW) before = heap();
    const head = { incarnation: state.incarnation, position: state.position, digest: state.digest };
    const payload = buildPayload<'NEED'>({
      network: state.network,
      thread: null,
      verb: 'NEED',
      body: { mark: new Uint8Array(32), ...numberedNeed(task, index) },
      lamport: index + 1,
      time: state.time,
      epoch: 1,
      from: requester.did,
      head,
    });
    const entry = verifyEntry(
      sealEntry(signEnvelope(payload, requester.identity.signer, sha256).bytes, null),
      crypto,
      memo,
    );
    if (!entry.ok) throw new Error(entry.code);
    bytes += encodeCbor({ id: cidOf(utf8(`${index}`), 'dag-cbor', sha256), goal: `quote ${index}` }).length;
    const { outcome } = apply(state, entry.entry, sha256);
    if (!outcome.accepted) throw new Error(outcome.code);
  }
  const perNeed = (heap() - before) / (MANY - FEW);
  // The state is in use to here, so nothing of it was collected.
  if (state.needs.size !== MANY) throw new Error(`${state.needs.size} needs are open`);
  // The limit: what of a need nobody can derive, its id and its own words, in their canonical form.
  const limit = bytes / MANY;
  return {
    'memory.bytesPerOpenNeed': figure(perNeed),
    'memory.bytesPerOpenNeed.limit': figure(limit),
    'memory.bytesPerOpenNeed.ratioToLimit': figure(perNeed / limit),
  };
}
