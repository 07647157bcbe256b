import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeProof } from '../../src/proof/folder/write-proof.ts';
import { readLog } from '../../src/proof/read-log.ts';
import { verifyProof } from '../../src/proof/verify-proof.ts';
import { withoutOutput } from '../../src/proof/without-output.ts';
import { DOCUMENTS } from './small-content.ts';
import { crypto } from './small-log.ts';
import { smallProof } from './small-proof.ts';

const { files } = await smallProof();

/** All files below a folder, by path. */
const filesIn = (folder: string): ReadonlyMap<string, Uint8Array> =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(folder.length + 1), new Uint8Array(readFileSync(path))]),
  );
const byPath = (all: ReadonlyMap<string, Uint8Array>) => new Map([...all].sort());

let out = '';
let proof = '';

beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'canswarm-proof-'));
  proof = join(out, 'proof');
  writeProof(proof, files);
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

const broken = async () => (await verifyProof(proof, { crypto })).error;

describe('a proof folder', () => {
  it('is read back as it was written, and holds', async () => {
    expect(byPath(filesIn(out))).toEqual(byPath(files));
    expect(readdirSync(proof).sort()).toEqual(['artifacts.car', 'audit.jsonl', 'genesis.cbor']);
    expect(readdirSync(out).sort()).toEqual(['brief.md', 'proof', 'result.json']);
    expect(await verifyProof(proof, { crypto })).toMatchObject({ ok: true });
  });

  it('replaces an older proof whole', () => {
    writeFileSync(join(proof, 'audit.jsonl'), 'old');
    writeProof(proof, files);
    expect(byPath(filesIn(out))).toEqual(byPath(files));
    expect(readdirSync(out).sort()).toEqual(['brief.md', 'proof', 'result.json']);
  });

  it('never replaces a folder that holds anything else', () => {
    writeFileSync(join(proof, 'thesis.tex'), 'years of work');
    expect(() => writeProof(proof, files)).toThrow(/thesis\.tex/);
    expect(readFileSync(join(proof, 'thesis.tex'), 'utf8')).toBe('years of work');
  });

  it('is refused with a file more, a file less, a link or a folder for a file', async () => {
    writeFileSync(join(proof, 'extra'), '');
    expect(await broken()).toMatchObject({ code: 'extra_file', file: 'extra' });
    rmSync(join(proof, 'extra'));
    renameSync(join(proof, 'audit.jsonl'), join(out, 'moved'));
    expect(await broken()).toMatchObject({ code: 'missing_file', file: 'audit.jsonl' });
    symlinkSync(join(out, 'moved'), join(proof, 'audit.jsonl'));
    expect(await broken()).toMatchObject({ code: 'no_regular_file', file: 'audit.jsonl' });
    rmSync(join(proof, 'audit.jsonl'));
    mkdirSync(join(proof, 'audit.jsonl'));
    expect(await broken()).toMatchObject({ code: 'no_regular_file', file: 'audit.jsonl' });
  });

  it.each([
    ['proof/genesis.cbor', 2 ** 20],
    ['proof/artifacts.car', 2 ** 29],
    ['proof/audit.jsonl', 2 ** 30],
    ['result.json', 2 ** 24],
    ['brief.md', 2 ** 24],
  ])('is refused with more in %s than it may hold', async (name, most) => {
    truncateSync(join(out, name), most + 1);
    expect(await broken()).toMatchObject({ code: 'file_too_large', file: basename(name) });
  });

  it('needs the documents beside it', async () => {
    rmSync(join(out, 'brief.md'));
    expect(await broken()).toMatchObject({ code: 'missing_file', file: 'brief.md' });
  });

  it('that is not there is said to be not there', async () => {
    expect((await verifyProof(join(out, 'none'), { crypto })).error).toMatchObject({ code: 'no_folder' });
    const file = (await verifyProof(join(out, 'brief.md'), { crypto })).error;
    expect(file).toMatchObject({ code: 'no_folder', detail: 'it is a file, not a folder' });
  });

  it('is known by any file of a proof; a folder that has none is no proof', async () => {
    for (const gone of ['genesis.cbor', 'artifacts.car']) {
      rmSync(join(proof, gone));
      expect(await broken()).toMatchObject({ code: 'missing_file' });
    }
    writeFileSync(join(proof, 'notes.md'), 'Notes.\n');
    expect(await broken()).toMatchObject({ code: 'extra_file' });
    rmSync(join(proof, 'audit.jsonl'));
    expect(await broken()).toMatchObject({ code: 'no_proof', file: proof });
    rmSync(join(proof, 'notes.md'));
    expect(await broken()).toMatchObject({ code: 'no_proof', file: proof });
  });
});

describe('reading only the log', () => {
  it('takes the folder or the file in it', () => {
    const { sha256 } = crypto;
    const log = readLog(proof, { sha256 });
    expect(log).toMatchObject({ ok: true, claimedDigest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(readLog(join(proof, 'audit.jsonl'), { sha256 })).toEqual(log);
  });

  it('takes a genesis from elsewhere', () => {
    const { sha256 } = crypto;
    const genesis = join(out, 'elsewhere.cbor');
    renameSync(join(proof, 'genesis.cbor'), genesis);
    expect(readLog(proof, { sha256 })).toMatchObject({ ok: false, code: 'missing_file' });
    expect(readLog(proof, { sha256, genesis })).toMatchObject({ ok: true });
  });

  it('says which line is broken', () => {
    writeFileSync(join(proof, 'audit.jsonl'), 'nothing\n');
    expect(readLog(proof, { sha256: crypto.sha256 })).toMatchObject({ ok: false, line: 1 });
  });
});

describe('with the documents at hand', () => {
  const write = (name: string, text: string): void => {
    mkdirSync(join(out, 'documents', name, '..'), { recursive: true });
    writeFileSync(join(out, 'documents', name), text);
  };

  it('they are compared with what was briefed', async () => {
    for (const [name, text] of Object.entries(DOCUMENTS)) write(name, text);
    write('docs/other.txt', 'Something else stands here now.\n');
    const told = await verifyProof(proof, { crypto, reexecute: join(out, 'documents') });
    expect(told).toMatchObject({ ok: false, error: { code: 'documents_other' } });
    const { ok: _, ...alone } = await verifyProof(proof, { crypto });
    expect(told).toMatchObject(alone);
  });

  it('a file in place of a folder is named', async () => {
    const path = join(out, 'brief.md');
    expect((await verifyProof(proof, { crypto, reexecute: path })).error).toMatchObject({
      code: 'no_reexecute_folder',
      detail: 'it is a file, not a folder',
    });
  });

  it('a folder that is not there is named', async () => {
    expect((await verifyProof(proof, { crypto, reexecute: '/no/such' })).error).toMatchObject({
      code: 'no_reexecute_folder',
      file: '/no/such',
    });
  });

  it('a folder whose name leads nowhere is named', async () => {
    symlinkSync('loop', join(out, 'loop'));
    for (const name of [join(out, 'loop'), join(out, 'x'.repeat(5000))]) {
      const { error } = await verifyProof(proof, { crypto, reexecute: name });
      expect(error).toMatchObject({ code: 'no_reexecute_folder', file: name });
      expect(readLog(name, { sha256: crypto.sha256 })).toMatchObject({ ok: false });
    }
  });

  it('what a brief wrote is no document', () => {
    const named = (path: string) => ({ path });
    mkdirSync(join(out, 'in', 'brief-out'), { recursive: true });
    symlinkSync(join(out, 'in'), join(out, 'link'));
    const all = [named('a.md'), named('brief-out/brief.md'), named('brief-outside/b.md')];
    expect(withoutOutput(all, join(out, 'link'), join(out, 'in', 'brief-out'))).toEqual([
      named('a.md'),
      named('brief-outside/b.md'),
    ]);
    expect(withoutOutput(all, join(out, 'in'), join(out, 'none'))).toEqual(all);
    const beside = [
      named('a.md'),
      named('brief.md'),
      named('result.json'),
      named('proof/x.md'),
      named('docs/brief.md'),
    ];
    expect(withoutOutput(beside, join(out, 'in'), join(out, 'in'))).toEqual([named('a.md'), named('docs/brief.md')]);
  });
});
