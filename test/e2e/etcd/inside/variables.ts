/** The file to which a node's process adds what passed between it and the log. */
export const TRACE_FILE = 'E2E_TRACE_FILE';
/** The file that says how wrong its clock is, ms; read at `CLOCK_SIGNAL`. */
export const CLOCK_FILE = 'E2E_CLOCK_FILE';
export const CLOCK_SIGNAL = 'SIGUSR2';

/**
 * A line of the trace. `at`: nanoseconds of the machine's monotonic clock, which is one for all processes.
 *
 * - `given`: entries are about to be given to the log, by the SHA-256 of their bytes.
 * - `taken`: the log has acknowledged them.
 * - `came`: the node took up the records up to a cursor.
 */
export type Trace = Given | Came;

interface Given {
  readonly at: string;
  readonly what: 'given' | 'taken';
  readonly hashes: readonly string[];
}

interface Came {
  readonly at: string;
  readonly what: 'came';
  readonly cursor: number;
}
