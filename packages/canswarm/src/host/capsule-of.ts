import { type Cid, parseCid } from '@canswarm/protocol';
import { HostError } from './host-error.ts';

/** The capsule that a request names. Throws a HostError `usage` for what is no CID. */
export function capsuleOf(text: string): Cid {
  const cid = parseCid(text);
  if (cid !== undefined) return cid;
  throw new HostError('usage', 'the policy is no CID', 'Name the capsule, whose blocks were stored before.');
}
