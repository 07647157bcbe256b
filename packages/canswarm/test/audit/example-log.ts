import { cidOf, utf8 } from '@canswarm/protocol';
import { crypto, smallLog } from '../proof/small-log.ts';

const cid = cidOf(utf8('nothing looks inside'), 'dag-cbor', crypto.sha256);
const ref = { cid, leaves: 1 };

export const task = { skill: 'brief', goal: 'why?', inputs: [ref], acceptance: cid, outputs: [ref] };
/** Twelve entries, the ninth rejected; what the artifacts hold does not matter to the law. */
export const example = smallLog(task);
export { crypto };
