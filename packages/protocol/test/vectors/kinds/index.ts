import type { AnyKind } from '../kind.ts';
import { artifacts } from './artifacts.ts';
import { cbor } from './cbor.ts';
import { citations } from './citations.ts';
import { ed25519 } from './ed25519.ts';
import { entries } from './entries.ts';
import { envelopes } from './envelopes.ts';
import { genesis } from './genesis.ts';
import { schemas } from './schemas.ts';

/** Every kind of vector. A file of `spec/vectors` is named for its kind. */
export const KINDS: readonly AnyKind[] = [artifacts, cbor, citations, ed25519, entries, envelopes, genesis, schemas];
