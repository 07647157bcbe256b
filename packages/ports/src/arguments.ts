import { CLOCK_DELAY_MS_MAX } from './clock.ts';
import {
  CONTENT_BLOCK_BYTES_MAX,
  CONTENT_PUT_BLOCKS_MAX,
  ContentError,
  type ContentGetOptions,
} from './content-store.ts';
import { LOG_APPEND_MAX, LOG_ENTRY_BYTES_MAX, LOG_SHARD_LENGTH_MAX } from './decision-log.ts';
import {
  POLICY_GAS_MAX,
  POLICY_MEMORY_BYTES_MAX,
  POLICY_MODULE_BYTES_MAX,
  POLICY_PARAMETERS_BYTES_MAX,
  type PolicyProgram,
} from './policy-engine.ts';
import { RANDOM_BELOW_MAX, RANDOM_BYTES_MAX } from './random.ts';
import {
  SANDBOX_CALL_LENGTH_MAX,
  SANDBOX_FILES_BYTES_MAX,
  SANDBOX_FILES_MAX,
  SANDBOX_MEMORY_BYTES_MAX,
  SANDBOX_SOURCE_BYTES_MAX,
  type SandboxJob,
  type SandboxLimits,
} from './sandbox.ts';
import { StorageError } from './storage-error.ts';
import { STORE_BATCH_MAX, STORE_KEY_BYTES_MAX, STORE_VALUE_BYTES_MAX, type StoreOperation } from './store.ts';
import {
  type RequestOptions,
  TRANSPORT_ANSWER_BYTES_MAX,
  TRANSPORT_MESSAGE_BYTES_MAX,
  TRANSPORT_PROTOCOL_LENGTH_MAX,
  TRANSPORT_REQUEST_BYTES_MAX,
} from './transport.ts';

/* The documented limits of the ports as checks. Adapters call these, so that all of them refuse the same arguments alike. */

const encoder = new TextEncoder();

function isIntegerIn(value: number, min: number, max: number): boolean {
  return Number.isSafeInteger(value) && value >= min && value <= max;
}

/** Throws RangeError for a delay that `Clock.schedule` refuses. */
export function assertDelay(delayMs: number): void {
  if (!isIntegerIn(delayMs, 0, CLOCK_DELAY_MS_MAX)) {
    throw new RangeError(`delayMs must be an integer from 0 to ${CLOCK_DELAY_MS_MAX}, not ${delayMs}`);
  }
}

/** Throws RangeError for a limit that `RandomStream.below` refuses. */
export function assertBelow(limit: number): void {
  if (!isIntegerIn(limit, 1, RANDOM_BELOW_MAX)) {
    throw new RangeError(`limit must be an integer from 1 to 2^48, not ${limit}`);
  }
}

/** Throws RangeError for a length that `RandomStream.bytes` refuses. */
export function assertRandomLength(length: number): void {
  if (!isIntegerIn(length, 0, RANDOM_BYTES_MAX)) {
    throw new RangeError(`length must be an integer from 0 to ${RANDOM_BYTES_MAX}, not ${length}`);
  }
}

/** Throws RangeError for an amount that `Meter.add` refuses. */
export function assertAmount(amount: number): void {
  if (!Number.isFinite(amount)) {
    throw new RangeError(`amount must be finite, not ${amount}`);
  }
}

/** Throws RangeError for a message that `Transport.publish` refuses. */
export function assertMessage(message: Uint8Array): void {
  if (message.length > TRANSPORT_MESSAGE_BYTES_MAX) {
    throw new RangeError(`a message has at most ${TRANSPORT_MESSAGE_BYTES_MAX} bytes, not ${message.length}`);
  }
}

/** Throws RangeError for a name that no protocol of a `Transport` can have. */
export function assertProtocol(protocol: string): void {
  if (protocol.length > TRANSPORT_PROTOCOL_LENGTH_MAX || !/^[a-z0-9./-]+$/.test(protocol)) {
    throw new RangeError(`a protocol is named by 1 to ${TRANSPORT_PROTOCOL_LENGTH_MAX} characters of a-z 0-9 . / -`);
  }
}

/** Throws RangeError for a request that `Transport.request` refuses. */
export function assertRequest(protocol: string, request: Uint8Array, { deadlineMs, maxBytes }: RequestOptions): void {
  assertProtocol(protocol);
  if (request.length > TRANSPORT_REQUEST_BYTES_MAX) {
    throw new RangeError(`a request has at most ${TRANSPORT_REQUEST_BYTES_MAX} bytes, not ${request.length}`);
  }
  if (!isIntegerIn(deadlineMs, 1, CLOCK_DELAY_MS_MAX)) {
    throw new RangeError(`deadlineMs must be an integer from 1 to ${CLOCK_DELAY_MS_MAX}, not ${deadlineMs}`);
  }
  if (!isIntegerIn(maxBytes, 0, TRANSPORT_ANSWER_BYTES_MAX)) {
    throw new RangeError(`maxBytes must be an integer from 0 to ${TRANSPORT_ANSWER_BYTES_MAX}, not ${maxBytes}`);
  }
}

/** Throws StorageError `invalid` for a name that no shard can have. */
export function assertShard(shard: string): void {
  if (shard.length > LOG_SHARD_LENGTH_MAX || !/^[a-z0-9._-]+$/.test(shard)) {
    throw new StorageError('invalid', `a shard is named by 1 to ${LOG_SHARD_LENGTH_MAX} characters of a-z 0-9 . _ -`);
  }
}

/** Throws StorageError `invalid` or `too_large` for arguments that `DecisionLog.append` refuses. */
export function assertAppend(shard: string, entries: readonly Uint8Array[]): void {
  assertShard(shard);
  if (entries.length > LOG_APPEND_MAX) {
    throw new StorageError('too_large', `one append takes at most ${LOG_APPEND_MAX} entries, not ${entries.length}`);
  }
  for (const entry of entries) {
    if (entry.length === 0) {
      throw new StorageError('invalid', 'an entry has at least one byte');
    }
    if (entry.length > LOG_ENTRY_BYTES_MAX) {
      throw new StorageError('too_large', `an entry has at most ${LOG_ENTRY_BYTES_MAX} bytes, not ${entry.length}`);
    }
  }
}

/** Throws StorageError `invalid` for a cursor that no `DecisionLog.follow` can start after. */
export function assertCursor(after: number): void {
  if (!isIntegerIn(after, 0, Number.MAX_SAFE_INTEGER)) {
    throw new StorageError('invalid', `a cursor is an integer from 0, not ${after}`);
  }
}

const UNIT_BYTES_MAX = 3;

/** Throws StorageError `invalid` or `too_large` for a key that a `Store` refuses. */
export function assertStoreKey(key: string): void {
  if (key.length === 0 || !key.isWellFormed()) {
    throw new StorageError('invalid', 'a key is well-formed text that is not empty');
  }
  // No unit takes more than three bytes: most keys need not be encoded.
  const isLong = UNIT_BYTES_MAX * key.length > STORE_KEY_BYTES_MAX;
  if (isLong && (key.length > STORE_KEY_BYTES_MAX || encoder.encode(key).length > STORE_KEY_BYTES_MAX)) {
    throw new StorageError('too_large', `a key has at most ${STORE_KEY_BYTES_MAX} bytes of UTF-8`);
  }
}

/** Throws StorageError `invalid` or `too_large` for operations that `Store.batch` refuses. */
export function assertStoreBatch(operations: readonly StoreOperation[]): void {
  if (operations.length > STORE_BATCH_MAX) {
    throw new StorageError('too_large', `a batch has at most ${STORE_BATCH_MAX} operations, not ${operations.length}`);
  }
  for (const { key, value } of operations) {
    assertStoreKey(key);
    if (value !== null && value.length > STORE_VALUE_BYTES_MAX) {
      throw new StorageError('too_large', `a value has at most ${STORE_VALUE_BYTES_MAX} bytes, not ${value.length}`);
    }
  }
}

/** Throws ContentError `too_large` for bytes that no content store takes as one block. */
export function assertBlockSize(bytes: Uint8Array): void {
  if (bytes.length > CONTENT_BLOCK_BYTES_MAX) {
    throw new ContentError(
      'too_large',
      null,
      `a block has at most ${CONTENT_BLOCK_BYTES_MAX} bytes, not ${bytes.length}`,
    );
  }
}

/** Throws StorageError `too_large` for more blocks than `ContentStore.putBlocks` takes at once. */
export function assertBlockCount(count: number): void {
  if (count > CONTENT_PUT_BLOCKS_MAX) {
    throw new StorageError('too_large', `one putBlocks takes at most ${CONTENT_PUT_BLOCKS_MAX} blocks, not ${count}`);
  }
}

/** Throws RangeError for options that `ContentStore.get` refuses. */
export function assertGetOptions({ deadlineMs, maxBytes }: ContentGetOptions): void {
  if (!isIntegerIn(deadlineMs, 1, CLOCK_DELAY_MS_MAX)) {
    throw new RangeError(`deadlineMs must be an integer from 1 to ${CLOCK_DELAY_MS_MAX}, not ${deadlineMs}`);
  }
  if (!isIntegerIn(maxBytes, 0, Number.MAX_SAFE_INTEGER)) {
    throw new RangeError(`maxBytes must be an integer from 0, not ${maxBytes}`);
  }
}

/** Throws RangeError for a job or limits that `Sandbox.run` refuses; the argument is checked by `jsonText`. */
export function assertSandboxRun({ source, call, files }: SandboxJob, limits: SandboxLimits): void {
  const { fuel, memoryBytes, deadlineMs } = limits;
  if (!source.isWellFormed() || utf8Length(source) > SANDBOX_SOURCE_BYTES_MAX) {
    throw new RangeError(`a source is well-formed text of at most ${SANDBOX_SOURCE_BYTES_MAX} bytes`);
  }
  if (!call.isWellFormed() || call.length > SANDBOX_CALL_LENGTH_MAX) {
    throw new RangeError(`a function is called by well-formed text of at most ${SANDBOX_CALL_LENGTH_MAX} units`);
  }
  if (files.size > SANDBOX_FILES_MAX) {
    throw new RangeError(`a job has at most ${SANDBOX_FILES_MAX} files, not ${files.size}`);
  }
  let fileBytes = 0;
  for (const [name, bytes] of files) {
    if (!name.isWellFormed()) throw new RangeError('a file is named by well-formed text');
    fileBytes += utf8Length(name) + bytes.length;
  }
  if (fileBytes > SANDBOX_FILES_BYTES_MAX) {
    throw new RangeError(`files have at most ${SANDBOX_FILES_BYTES_MAX} bytes with their names, not ${fileBytes}`);
  }
  if (!isIntegerIn(fuel, 1, Number.MAX_SAFE_INTEGER)) {
    throw new RangeError(`fuel must be an integer from 1, not ${fuel}`);
  }
  if (!isIntegerIn(memoryBytes, 1, SANDBOX_MEMORY_BYTES_MAX)) {
    throw new RangeError(`memoryBytes must be an integer from 1 to ${SANDBOX_MEMORY_BYTES_MAX}, not ${memoryBytes}`);
  }
  if (!isIntegerIn(deadlineMs, 1, CLOCK_DELAY_MS_MAX)) {
    throw new RangeError(`deadlineMs must be an integer from 1 to ${CLOCK_DELAY_MS_MAX}, not ${deadlineMs}`);
  }
}

/** Throws RangeError for a program that `PolicyEngine.load` refuses. */
export function assertPolicyProgram({ wasm, parameters, gas, memoryBytes }: PolicyProgram): void {
  if (wasm.length > POLICY_MODULE_BYTES_MAX) {
    throw new RangeError(`a policy has at most ${POLICY_MODULE_BYTES_MAX} bytes, not ${wasm.length}`);
  }
  if (parameters.length > POLICY_PARAMETERS_BYTES_MAX) {
    throw new RangeError(`parameters have at most ${POLICY_PARAMETERS_BYTES_MAX} bytes, not ${parameters.length}`);
  }
  if (!isIntegerIn(gas, 1, POLICY_GAS_MAX)) {
    throw new RangeError(`gas must be an integer from 1 to ${POLICY_GAS_MAX}, not ${gas}`);
  }
  if (!isIntegerIn(memoryBytes, 1, POLICY_MEMORY_BYTES_MAX)) {
    throw new RangeError(`memoryBytes must be an integer from 1 to ${POLICY_MEMORY_BYTES_MAX}, not ${memoryBytes}`);
  }
}

/** Bytes of UTF-8; no more than three for each unit of the text. */
function utf8Length(text: string): number {
  return encoder.encode(text).length;
}
