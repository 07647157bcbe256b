import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeGenesis, entryToJson } from '@canswarm/protocol';
import { playOn } from './play.ts';
import { Stage } from './stage.ts';

/** Plays a life with every signature, and writes genesis and export of its log into a folder. Format: `spec/11-audit.md`, lines. */
export function writeLog(text: string, folder: string): void {
  const stage = new Stage({ signed: true });
  playOn(stage, text);
  const { genesis, entries } = stage.world;
  const lines = entries.map(({ bytes }, index) => `{"position":${index + 1},"entry":${entryToJson(bytes)}}\n`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'genesis.cbor'), encodeGenesis(genesis));
  writeFileSync(join(folder, 'audit.jsonl'), lines.join(''));
}
