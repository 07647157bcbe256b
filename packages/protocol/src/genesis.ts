import { decodeCbor } from './cbor/decode.ts';
import { encodeCbor } from './cbor/encode.ts';
import { cidOf } from './cid.ts';
import { type Codec, checked, parseWith, type TypeOf } from './codec/codec.ts';
import { list, nullable, record, recordWith, refine } from './codec/composites.ts';
import { bytes32, bytesUpTo, did, integer, literal, micro, text } from './codec/scalars.ts';
import { type ProtocolCode, type Refusal, refuse } from './codes.ts';
import { credentialFields } from './credential-fields.ts';
import type { Sha256 } from './crypto.ts';
import type { Cid } from './ids.ts';
import {
  ARBITERS_MAX,
  BLOCK_BYTES_MAX,
  GENESIS_ACCOUNTS_MAX,
  GENESIS_BYTES_MAX,
  LOG_BUCKETS_MAX,
  POLICY_ENGINE_BYTES_MAX,
} from './limits.ts';
import { paramsCodec } from './params.ts';
import { CHAIN_LENGTH_MAX } from './verbs/account.ts';

/** Balances a network starts with, as postings from `mint`. */
const account = record({ did, free: micro(), stake: micro() });
export type GenesisAccount = TypeOf<typeof account>;

/** A verifier from the start. `org` null: uncredentialed. `tip` null: it has no hash chain yet, and `chainLength` is 0. */
const member = record({
  did,
  org: nullable(credentialFields.org),
  asn: credentialFields.asn,
  region: credentialFields.region,
  tip: nullable(bytes32),
  chainLength: integer(0, CHAIN_LENGTH_MAX),
});
export type GenesisMember = TypeOf<typeof member>;

/** A policy as it comes whole: who has the genesis has all that judges by it. */
const policy = record({ capsule: bytesUpTo(BLOCK_BYTES_MAX), engine: bytesUpTo(POLICY_ENGINE_BYTES_MAX) });

const fields = recordWith(
  {
    v: literal(1),
    kind: literal('genesis'),
    name: text(64),
    /** log time at the start, ms */
    time: integer(),
    incarnation: integer(),
    rulesVersion: integer(1),
    epoch: integer(1),
    /** may mint under the cap, issues credentials, reports while there is no active verifier */
    authority: did,
    supplyCap: micro(1),
    params: paramsCodec,
    accounts: list(account, 0, GENESIS_ACCOUNTS_MAX),
    members: list(member, 0, GENESIS_ACCOUNTS_MAX),
    /** the last instance of a challenge that a jury decides: a majority of them; none: the last jury is */
    arbiters: list(did, 0, ARBITERS_MAX),
  },
  {
    /** that every entry has to pass from the first on; left out: none */
    policy,
    /** in how many buckets the content of entries is spread over the clusters that keep it; left out: one */
    buckets: integer(2, LOG_BUCKETS_MAX),
  },
);

/** All that a network starts from. Its CID is the network's name. */
export type Genesis = TypeOf<typeof fields>;

function judgeGenesis(genesis: Genesis): readonly [ProtocolCode, string] | undefined {
  const dids = new Set<string>();
  let minted = BigInt(genesis.params.trialFund);
  for (const [index, { did: key, free, stake }] of genesis.accounts.entries()) {
    if (dids.has(key)) return ['duplicate', `accounts.${index}`];
    dids.add(key);
    minted += BigInt(free) + BigInt(stake);
  }
  if (minted > BigInt(genesis.supplyCap)) return ['supply_exceeded', 'accounts'];
  for (const [index, key] of genesis.arbiters.entries())
    if (genesis.arbiters.indexOf(key) < index) return ['duplicate', `arbiters.${index}`];
  const members = new Set<string>();
  for (const [index, { did: key, tip, chainLength }] of genesis.members.entries()) {
    if (members.has(key)) return ['duplicate', `members.${index}`];
    members.add(key);
    const most = tip === null ? 0 : genesis.params.chainLength;
    if (chainLength > most || (tip !== null && chainLength === 0))
      return ['out_of_range', `members.${index}.chainLength`];
  }
  return undefined;
}

const genesisCodec: Codec<Genesis> = refine(fields, judgeGenesis);

/** The genesis block. Throws a ProtocolError for what `parseGenesis` would refuse. */
export function encodeGenesis(genesis: Genesis): Uint8Array {
  const bytes = encodeCbor(checked(genesisCodec, genesis, 'genesis'));
  if (bytes.length > GENESIS_BYTES_MAX) throw new RangeError(`a genesis has at most ${GENESIS_BYTES_MAX} bytes`);
  return bytes;
}

/** The name of the network. */
export function genesisCid(genesis: Genesis, sha256: Sha256): Cid {
  return cidOf(encodeGenesis(genesis), 'dag-cbor', sha256);
}

/** Reads a genesis block. Whether `rulesVersion` is known is the kernel's to say. */
export function parseGenesis(bytes: Uint8Array): { readonly ok: true; readonly genesis: Genesis } | Refusal {
  if (bytes.length > GENESIS_BYTES_MAX) return refuse('genesis_too_large');
  const decoded = decodeCbor(bytes);
  if (!decoded.ok) return decoded;
  const parsed = parseWith(genesisCodec, decoded.value);
  return parsed.ok ? { ok: true, genesis: parsed.value } : parsed;
}
