export { type CastMember, type CastOptions, CREDIT, localCast } from './network/cast.ts';
export {
  createNetwork,
  type Network,
  type NetworkOptions,
  type NetworkPorts,
  type Person,
  SHARD,
} from './network/network.ts';
