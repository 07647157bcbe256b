import { type DecisionLog, LOG_APPEND_MAX } from '@canswarm/ports';
import { type Crypto, equalBytes } from '@canswarm/protocol';
import { HostError } from '../host/host-error.ts';
import { SHARD } from '../network/network.ts';
import { readRecords } from './log-account.ts';

/** Most bytes that are appended at once: what any engine takes. */
const BYTES_AT_ONCE = 1_048_576;

export interface ExtensionGround {
  readonly crypto: Pick<Crypto, 'sha256'>;
  /** Told how many records were added so far. */
  readonly onProgress: (added: number) => void;
}

/**
 * Appends to a log the records of another that it has not. What it holds must be how those begin, so an extension that was interrupted goes on
 * where it ended, and nothing is added to a log of another network, or to one that went on without them.
 */
export class LogExtension {
  readonly #log: DecisionLog;
  readonly #held: readonly Uint8Array[];
  readonly #ground: ExtensionGround;
  #batch: Uint8Array[] = [];
  #size = 0;
  #taken = 0;
  #added = 0;
  #head: number;

  private constructor(log: DecisionLog, held: readonly Uint8Array[], head: number, ground: ExtensionGround) {
    this.#log = log;
    this.#held = held;
    this.#head = head;
    this.#ground = ground;
  }

  /** Reads what the log holds. Rejects with a StorageError. */
  static async of(log: DecisionLog, ground: ExtensionGround): Promise<LogExtension> {
    const held: Uint8Array[] = [];
    const { sha256 } = ground.crypto;
    const head = await readRecords(
      log,
      SHARD,
      (records) => void held.push(...records.map(({ bytes }) => sha256(bytes))),
    );
    return new LogExtension(log, held, head, ground);
  }

  /** Records that the log held, that came, and that were added. */
  get counts(): { readonly held: number; readonly taken: number; readonly added: number } {
    return { held: this.#held.length, taken: this.#taken, added: this.#added };
  }

  /** The next record. Rejects with a HostError `log_other` where the log holds another in its place, or with a StorageError. */
  async take(bytes: Uint8Array): Promise<void> {
    const held = this.#held[this.#taken];
    this.#taken += 1;
    if (held !== undefined) {
      if (!equalBytes(held, this.#ground.crypto.sha256(bytes))) throw otherLog(`its record ${this.#taken} is another`);
      return;
    }
    if (this.#batch.length >= LOG_APPEND_MAX || this.#size + bytes.length > BYTES_AT_ONCE) await this.flush();
    this.#batch.push(bytes);
    this.#size += bytes.length;
  }

  /** Appends what waits for more. Rejects with a HostError `log_moved` where others appended meanwhile, or with a StorageError. */
  async flush(): Promise<void> {
    if (this.#batch.length === 0) return;
    if ((await this.#log.head(SHARD)) !== this.#head) throw wentOn();
    await this.#log.append(SHARD, this.#batch);
    this.#head = await this.#log.head(SHARD);
    this.#added += this.#batch.length;
    [this.#batch, this.#size] = [[], 0];
    this.#ground.onProgress(this.#added);
  }
}

const wentOn = (): HostError =>
  new HostError(
    'log_moved',
    'somebody appended to the log while it was extended',
    'Nothing was switched. Stop every node that follows it, also in other homes, then try again.',
  );

export const otherLog = (what: string): HostError =>
  new HostError(
    'log_other',
    `the log there is not a beginning of this network's: ${what}`,
    'Nothing was switched. Name an empty place, or remove what lies there if nobody needs it.',
  );
