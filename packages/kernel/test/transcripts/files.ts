import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Lives are played from what their files say; attacks from their scenarios, and only their traces are in files. */
export type Kind = 'lives' | 'attacks';

const FOLDERS: Readonly<Record<Kind, string>> = {
  lives: join(import.meta.dirname, 'lives'),
  attacks: join(import.meta.dirname, '..', 'attacks', 'transcripts'),
};
const ENDING = '.txt';

/** What a test says when a transcript is not what the law gives. */
export const STALE =
  'The law makes something else of it than the transcript says. If that is meant: npm run -s transcripts -- --rewrite';

export const transcriptNames = (kind: Kind): readonly string[] =>
  readdirSync(FOLDERS[kind])
    .filter((name) => name.endsWith(ENDING))
    .map((name) => name.slice(0, -ENDING.length))
    .sort();

const pathOf = (kind: Kind, name: string): string => join(FOLDERS[kind], `${name}${ENDING}`);

/** The committed text of a transcript; empty where there is none. */
export function readTranscript(kind: Kind, name: string): string {
  return transcriptNames(kind).includes(name) ? readFileSync(pathOf(kind, name), 'utf8') : '';
}

export function writeTranscript(kind: Kind, name: string, text: string): void {
  mkdirSync(FOLDERS[kind], { recursive: true });
  writeFileSync(pathOf(kind, name), text);
}

export function removeTranscript(kind: Kind, name: string): void {
  rmSync(pathOf(kind, name));
}
