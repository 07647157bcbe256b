export { BriefError, type BriefErrorCode, type BriefEvent, type BriefPerson, type SkippedFile } from './brief/events.ts';
export { type Plant, PLANTS } from './brief/plants.ts';
export { type CastMember, type CastOptions, CREDIT, localCast } from './network/cast.ts';
export {
  createNetwork,
  type Network,
  type NetworkOptions,
  type NetworkPorts,
  type Person,
  SHARD,
} from './network/network.ts';
