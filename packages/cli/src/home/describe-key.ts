import type { BrokenKey, KeyInfo } from 'canswarm';
import { type Io, painter } from '../io.ts';
import { safe, table } from '../text.ts';

/** Keys as a table, and what is to be known about them. */
export function describeKeys(io: Io, keys: readonly KeyInfo[], broken: readonly BrokenKey[], home: string): string {
  const paint = painter(io, io.out);
  const parts: string[] = [];
  if (keys.length > 0) {
    const rows = keys.map((key) => [key.name, key.kind, key.did, protection(key), day(key.createdAt), remarks(key)]);
    parts.push(table([['name', 'kind', 'did', 'protected by', 'made', ''], ...rows]));
  } else if (broken.length === 0) {
    parts.push(`No keys in ${safe(home)}. Make one with: canswarm key new NAME`);
  }
  if (keys.some(({ protection }) => protection === 'machine')) parts.push(paint('dim', machineNote(home)));
  for (const { name, error } of broken)
    parts.push(`${paint('red', safe(name))}: ${safe(error.message)}\n  ${safe(error.means)}\n  ${safe(error.todo)}`);
  return parts.join('\n\n');
}

/** One key, a line for each fact. */
export function describeKey(key: KeyInfo): string {
  const { name, kind, did, createdAt, restoredAt, heldBy, file } = key;
  const rows = [
    ['name', name],
    ['kind', kind],
    ['did', did],
    ['protected by', protection(key)],
    ['made', createdAt],
    ['restored', restoredAt ?? 'no'],
    ['in use', heldBy === null ? 'no' : `by ${holder(key)}`],
    ['file', safe(file)],
  ];
  return table(rows);
}

/** What a key without a passphrase of its own is worth. */
export const machineNote = (home: string): string =>
  `No passphrase: such keys are opened by machine.passphrase in ${safe(home)}. Whoever can read that folder has them.`;

/** What whoever restored a key has to know. */
export const RESTORED_NOTE =
  'It is marked as restored. If it is still in use elsewhere, stop that first: a key with two holders loses its stake.';

const protection = (key: KeyInfo): string => (key.protection === 'machine' ? 'machine file' : 'passphrase');

const day = (date: string): string => date.slice(0, 10);

function remarks(key: KeyInfo): string {
  const restored = key.restoredAt === null ? [] : [`restored ${day(key.restoredAt)}`];
  const held = key.heldBy === null ? [] : [`used by ${holder(key)}`];
  return [...restored, ...held].join(', ');
}

const holder = ({ heldBy }: KeyInfo): string =>
  typeof heldBy?.pid === 'number' ? `process ${heldBy.pid}` : 'another process';
