export type { AppliedEntry } from './driver.ts';
export { HashChain } from './hash-chain.ts';
export type { Engines, Identity, Offer } from './identity.ts';
export { Ingress, type IngressOptions, MESSAGE_BYTES_MAX, MESSAGE_ENVELOPES_MAX, packMessage } from './ingress.ts';
export { Node, type NodeListener, type NodeOptions, type NodePorts } from './node.ts';
export { GOSSIP_TOPIC, type Said } from './outbox.ts';
