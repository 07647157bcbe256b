import { equalBytes, type Payload } from '@canswarm/protocol';

/** Whether two payloads name one point of a log with two digests: whoever signs both has two histories. */
export const twoHeads = ({ head: a }: Payload, { head: b }: Payload): boolean =>
  a.incarnation === b.incarnation && a.position === b.position && !equalBytes(a.digest, b.digest);
