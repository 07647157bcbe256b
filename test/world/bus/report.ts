import type { Cid, Did, Payload } from '@canswarm/protocol';

/** A REPORT as verifiers send them all the time. */
export const reportOf = (network: Cid, from: Did, time: number, lamport = time): Payload => ({
  v: 1,
  network,
  thread: null,
  verb: 'REPORT',
  body: { time, preimage: new Uint8Array(32) },
  refs: [],
  lamport,
  time,
  epoch: 1,
  policy: null,
  from,
  head: { incarnation: 1, position: 0, digest: new Uint8Array(32) },
  evidence: null,
});
