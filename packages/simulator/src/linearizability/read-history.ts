import type { History } from './model.ts';
import { isJepsen, readJepsen } from './read-jepsen.ts';
import { isKeyValue, readKeyValue } from './read-key-value.ts';
import { isNetwork, readNetwork } from './read-network.ts';
import { HistoryError } from './recorder.ts';

/** What can be read. */
export const FORMATS = ['jepsen', 'key-value', 'network'] as const;
export type Format = (typeof FORMATS)[number];

type AnyHistory = History<unknown, unknown, unknown>;

const READERS: Readonly<
  Record<Format, { readonly is: (line: string) => boolean; readonly read: (text: string) => AnyHistory }>
> = {
  jepsen: { is: isJepsen, read: (text) => readJepsen(text) as AnyHistory },
  'key-value': { is: isKeyValue, read: (text) => readKeyValue(text) as AnyHistory },
  network: { is: isNetwork, read: (text) => readNetwork(text) as AnyHistory },
};

/** Reads a history of the format named, or of the one that its first line has. Throws a HistoryError. */
export function readHistory(text: string, format?: Format): AnyHistory {
  if (format !== undefined) return READERS[format].read(text);
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.trim() !== '');
  if (at < 0) throw new HistoryError(1, 'the history is empty');
  const known = FORMATS.find((name) => READERS[name].is(lines[at] ?? ''));
  if (known === undefined) throw new HistoryError(at + 1, `of no known format: ${FORMATS.join(', ')}`);
  return READERS[known].read(text);
}
