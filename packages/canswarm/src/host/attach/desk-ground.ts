import type { Disputes } from '@canswarm/kernel';
import type { Node } from '@canswarm/node';
import type { ContentStore, Transport } from '@canswarm/ports';
import type { Crypto } from '@canswarm/protocol';
import type { Logger } from '../../home/log/logger.ts';
import type { JoinDesk } from '../join-desk.ts';
import type { KeyRing } from '../key-ring.ts';
import type { NodeFolder } from '../network-folder.ts';
import type { AgentEntry, NodeFile } from '../node-file.ts';

/** What of a node its agent desk works with. */
export interface DeskGround {
  readonly folder: NodeFolder;
  /** Its list of agents grows here. */
  readonly file: NodeFile & { readonly agents: AgentEntry[] };
  readonly node: Node;
  readonly keys: KeyRing;
  readonly crypto: Crypto;
  readonly transport: Pick<Transport, 'peers' | 'request' | 'serve'>;
  readonly content: ContentStore;
  readonly joinDesk: JoinDesk | null;
  /** What agents dispute of their own accord. */
  readonly disputes: Disputes;
  readonly logger: Logger;
}
