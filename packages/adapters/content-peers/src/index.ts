/**
 * Content from peers by CID, over a local store:
 *
 *     const content = peerContent({ local: await contentFs({ dir }), transport, clock, sha256 });
 *     await content.get(cid, { deadlineMs: 5_000, maxBytes: 16_384 }); // from the disk, else from whoever has it
 */
export { type PeerContentOptions, peerContent } from './peer-content.ts';
