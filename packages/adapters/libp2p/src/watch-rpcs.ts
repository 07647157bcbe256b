import type { GossipSub } from '@libp2p/gossipsub';
import type { PeerId } from '@libp2p/interface';

interface Rpc {
  readonly messages: readonly { readonly topic: string; readonly data?: Uint8Array }[];
}

/** Where gossipsub decodes frames and takes what they say. */
interface Heard {
  decodeRpc?(bytes: Uint8Array): Rpc;
  handleReceivedRpc?(from: PeerId, rpc: Rpc): Promise<void>;
}

export interface RpcWatch {
  /** Whether messages of a topic are judged here. */
  isJudged(topic: string): boolean;
  /** Told of a frame that cannot be decoded. */
  onUnsound(peer: string): void;
  /** Told of a message of a topic that nobody here judges; nothing is done with it. */
  onForeign(peer: string, length: number): void;
  /** Told of each frame's length; false: nothing is done with it. */
  onFrame(peer: string, length: number): boolean;
}

/**
 * Sees every frame of gossip before gossipsub does: a frame that cannot be decoded gossipsub passes over, and a message of a topic that
 * nobody asked for it would keep and pass on without a judgement. Throws when this gossipsub has no place where frames can be seen.
 */
export function watchRpcs(gossip: GossipSub, watch: RpcWatch): void {
  const heard = gossip as unknown as Heard;
  const decode = heard.decodeRpc?.bind(gossip);
  const handle = heard.handleReceivedRpc?.bind(gossip);
  if (decode === undefined || handle === undefined)
    throw new Error('this version of gossipsub does not show its frames');
  const lengths = new WeakMap<Rpc, number>();
  const unsound = new WeakSet<Rpc>();
  heard.decodeRpc = (bytes) => {
    try {
      const rpc = decode(bytes);
      lengths.set(rpc, bytes.length);
      return rpc;
    } catch {
      // Whose it is only the next step knows.
      const none: Rpc = { messages: [] };
      unsound.add(none);
      return none;
    }
  };
  heard.handleReceivedRpc = async (from, rpc) => {
    const peer = from.toString();
    if (unsound.has(rpc)) return watch.onUnsound(peer);
    if (!watch.onFrame(peer, lengths.get(rpc) ?? 0)) return;
    const messages = rpc.messages.filter(({ topic, data }) => {
      const isJudged = watch.isJudged(topic);
      if (!isJudged) watch.onForeign(peer, data?.length ?? 0);
      return isJudged;
    });
    return handle(from, { ...rpc, messages });
  };
}
