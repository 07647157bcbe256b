/** Limits of the wire and of artifacts (`spec/02-envelopes.md`, `spec/08-artifacts.md`). Sizes are in bytes. */

export const ENVELOPE_BYTES_MAX = 64 * 1024;
export const EVIDENCE_BYTES_MAX = 512 * 1024;
/** Envelope, evidence and the few bytes around them. */
export const ENTRY_BYTES_MAX = ENVELOPE_BYTES_MAX + EVIDENCE_BYTES_MAX + 16;
export const EVIDENCE_ENVELOPES_MAX = 1024;
export const EVIDENCE_BLOCKS_MAX = 1024;
export const REFS_MAX = 16;
/** Payloads under one batch signature; so a path has at most 16 hashes. */
export const BATCH_COUNT_MAX = 65_536;
export const BATCH_PATH_MAX = 16;
export const MICRO_MAX = Number.MAX_SAFE_INTEGER;
/** Artifacts in one NEED or COMMIT. */
export const ARTIFACTS_MAX = 16;
/** Tasks of one plan; one of them is `main`, the others are of the need's parts. */
export const TASKS_MAX = 16;
export const PARTS_MAX = TASKS_MAX - 1;
/** Models, tools, and ways that data went, that one result names at most. */
export const USE_LIST_MAX = 16;
/** Longest name of a model, tool or label, and of a zone, in bytes. */
export const USE_NAME_BYTES_MAX = 64;
export const USE_ZONE_BYTES_MAX = 32;

/** Step hashes in a result vote. */
export const STEPS = 16;
export const GENESIS_BYTES_MAX = 1024 * 1024;
export const GENESIS_ACCOUNTS_MAX = 4096;
/** Buckets over which the content of a log's entries is spread. */
export const LOG_BUCKETS_MAX = 256;

/** Fewer than the least jury has seats, so that the bond of a jury pays them too. */
export const ARBITERS_MAX = 7;

/** Blocks that the module of a network's policy comes in with an entry; beside them the evidence has room for the capsule. */
export const POLICY_PIECES_MAX = 30;
/** So the module of a policy that a network can have is at most this. */
export const POLICY_ENGINE_BYTES_MAX = POLICY_PIECES_MAX * 16 * 1024;

/** Most gas of one evaluation of a need's own policy: whoever posts a need has others evaluate it. */
export const NEED_POLICY_GAS_MAX = 100_000_000;
/** Most memory of one evaluation: a node keeps several loaded, each with an image of its memory for each size of input. */
export const NEED_POLICY_MEMORY_BYTES_MAX = 16_777_216;

/** Size of a leaf of a file, and the most that any other block of an artifact may have. */
export const LEAF_BYTES = 16 * 1024;
export const BLOCK_BYTES_MAX = 16 * 1024;
/** Links of a file node. */
export const FILE_LINKS_MAX = 174;
/** A file has at most 174^3 leaves' worth of levels: three levels of nodes. */
export const FILE_BYTES_MAX = LEAF_BYTES * FILE_LINKS_MAX ** 3;
export const TREE_KEY_BYTES_MAX = 1024;
/** Highest level of a tree node; leaves' parents are level 0. */
export const TREE_LEVEL_MAX = 8;
export const TREE_ENTRIES_MAX = 1_000_000;
export const LEAVES_MAX = 2 ** 32;
export const QUOTE_BYTES_MAX = 4096;
