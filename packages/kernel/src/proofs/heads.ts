import { equalBytes, type Payload } from '@canswarm/protocol';

/** What has a log begin its next life: who says it may have seen another end of the life before. */
const ABOUT_LIVES: ReadonlySet<string> = new Set(['ATTEST_STATE', 'RESTART']);

/** Whether two payloads name one point of a log with two digests: whoever signs both has two histories. */
export function twoHeads(one: Payload, other: Payload): boolean {
  if (ABOUT_LIVES.has(one.verb) || ABOUT_LIVES.has(other.verb)) return false;
  const [a, b] = [one.head, other.head];
  return a.incarnation === b.incarnation && a.position === b.position && !equalBytes(a.digest, b.digest);
}
