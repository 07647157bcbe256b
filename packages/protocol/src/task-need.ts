import { encodeCbor } from './cbor/encode.ts';
import { Link } from './cbor/value.ts';
import { cidOf } from './cid.ts';
import type { Sha256 } from './crypto.ts';
import type { NeedId } from './ids.ts';

/** The need that a task of a plan is: its id is the CID of `[need link, round, task]`. Spec: `spec/04-verbs.md`, plans. */
export const taskNeedId = (need: NeedId, round: number, task: string, sha256: Sha256): NeedId =>
  cidOf(encodeCbor([new Link(need), round, task]), 'dag-cbor', sha256) as NeedId;
