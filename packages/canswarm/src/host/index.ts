/**
 * Nodes that outlive a command: networks in the home's folder, the process that runs a node, and how commands speak to it.
 *
 *     const folder = new NetworkFolder(home.path, 'local');
 *     const [name] = await foundNetwork({ folder, org: 'acme', nodes: 1, skill: BRIEF_SKILL, keys, crypto, now: Date.now() });
 *     await runNode({ folder: folder.node(name), keys, settings: home.config.values, logger, signal, onReady });
 */
export { foundNetwork, PROCESSES_MAX } from './found-network.ts';
export { HostError, type HostErrorCode } from './host-error.ts';
export { decodeInvitation, type Invitation } from './invitation.ts';
export { joinNetwork } from './join-network.ts';
export { homeKeyRing, type KeyRing } from './key-ring.ts';
export { NetworkFolder, type NodeFolder } from './network-folder.ts';
export { NodeClient } from './node-client.ts';
export { BRIEF_SKILL } from './run-host.ts';
export { type ReadyNode, type RunNodeOptions, runNode } from './run-node.ts';
export { type SaveOptions, saveResult, type WrittenResult } from './save-result.ts';
