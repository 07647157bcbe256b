export type { AppliedEntry } from './driver.ts';
export { Gather } from './gather.ts';
export { HashChain } from './hash-chain.ts';
export type { Engines, Identity, Offer } from './identity.ts';
export { Ingress, type IngressOptions, MESSAGE_BYTES_MAX, MESSAGE_ENVELOPES_MAX, packMessage } from './ingress.ts';
export { Node } from './node.ts';
export type { NodeListener, NodeOptions, NodePorts } from './node-options.ts';
export { GOSSIP_TOPIC, type Keep, type Said } from './outbox.ts';
export { readProgress } from './progress.ts';
