import {
  existsSync,
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
import { join } from 'node:path';
import { utf8 } from '@canswarm/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeProof } from '../../src/proof/folder/write-proof.ts';
import { readLog } from '../../src/proof/read-log.ts';
import { verifyProof } from '../../src/proof/verify-proof.ts';
import { OUTPUT, smallAgentContent, TOOLS } from './small-agent.ts';
import { crypto } from './small-log.ts';
import { proofOf, smallAgentProof, smallProof } from './small-proof.ts';

const { files } = await smallAgentProof();
const whole = (await smallAgentProof(true)).files;
const brief = (await smallProof()).files;
let out = '';
let proof = '';

beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'canswarm-agent-proof-'));
  proof = join(out, 'proof');
  writeProof(proof, files);
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

const all = (): readonly string[] =>
  readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1))
    .sort();
const broken = async () => (await verifyProof(proof, { crypto })).error;

describe('an agent’s result in a folder', () => {
  it('is what it is in memory, and holds', async () => {
    expect(all()).toEqual([...files.keys()].sort());
    for (const [path, bytes] of files) expect(new Uint8Array(readFileSync(join(out, path)))).toEqual(bytes);
    expect(await verifyProof(proof, { crypto })).toMatchObject({ ok: true });
    expect(readLog(proof, { sha256: crypto.sha256 })).toMatchObject({
      ok: true,
      claimedDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('is judged again from there', async () => {
    writeProof(proof, whole);
    expect(await verifyProof(proof, { crypto, reexecute: true, tools: TOOLS })).toMatchObject({ ok: true });
    const without = await verifyProof(proof, { crypto, reexecute: true });
    expect(without).toMatchObject({ ok: false, error: { code: 'no_judging_tools' } });
    const folder = await verifyProof(proof, { crypto, reexecute: out, tools: TOOLS });
    expect(folder).toMatchObject({ ok: false, error: { code: 'reexecute_takes_no_folder' } });
    writeProof(proof, brief);
    const ranked = await verifyProof(proof, { crypto, reexecute: true, tools: TOOLS });
    expect(ranked).toMatchObject({ ok: false, error: { code: 'reexecute_needs_folder' } });
  });

  it('is refused with a file more, a folder more, or a link', async () => {
    writeFileSync(join(out, 'files', 'more'), '');
    expect(await broken()).toMatchObject({ code: 'extra_file', file: 'files/more' });
    rmSync(join(out, 'files', 'more'));
    mkdirSync(join(out, 'files', 'empty'));
    expect(await broken()).toMatchObject({ code: 'extra_file', file: 'files/empty' });
    rmSync(join(out, 'files', 'empty'), { recursive: true });
    renameSync(join(out, 'files', 'counts.csv'), join(out, 'moved'));
    expect(await broken()).toMatchObject({ code: 'missing_file', file: 'files/counts.csv' });
    symlinkSync(join(out, 'moved'), join(out, 'files', 'counts.csv'));
    expect(await broken()).toMatchObject({ code: 'no_regular_file', file: 'files/counts.csv' });
  });

  it('is refused where a folder on the way is a link, or a file stands in the way', async () => {
    renameSync(join(out, 'files', '.%2E'), join(out, 'moved'));
    symlinkSync(join(out, 'moved'), join(out, 'files', '.%2E'));
    expect(await broken()).toMatchObject({ code: 'extra_file', file: 'files/.%2E' });
    rmSync(join(out, 'files', '.%2E'));
    writeFileSync(join(out, 'files', '.%2E'), '');
    expect(await broken()).toMatchObject({ code: 'missing_file', file: 'files/.%2E/NOTES%3A %3Cb%3Eall%3C/b%3E' });
    rmSync(join(out, 'files'), { recursive: true });
    symlinkSync(join(out, 'moved'), join(out, 'files'));
    expect(await broken()).toMatchObject({ code: 'missing_file' });
    writeProof(join(out, 'other', 'proof'), files);
    renameSync(join(out, 'other', 'files'), join(out, 'other', 'real'));
    symlinkSync(join(out, 'other', 'real'), join(out, 'other', 'files'));
    const linked = await verifyProof(join(out, 'other', 'proof'), { crypto });
    expect(linked.error).toMatchObject({ code: 'extra_file', file: 'files' });
  });

  it('is refused with more in its result than it may hold', async () => {
    truncateSync(join(out, 'result.json'), 2 ** 29 + 1);
    expect(await broken()).toMatchObject({ code: 'file_too_large', file: 'result.json' });
  });

  it('needs no folder of files where there are none', async () => {
    const none = await proofOf(await smallAgentContent({ output: { ...OUTPUT, files: new Map() } }));
    writeProof(proof, none.files);
    expect(existsSync(join(out, 'files'))).toBe(false);
    expect(await verifyProof(proof, { crypto })).toMatchObject({ ok: true });
    mkdirSync(join(out, 'files'));
    expect(await verifyProof(proof, { crypto })).toMatchObject({ ok: true });
    writeFileSync(join(out, 'files', 'x'), '');
    expect(await broken()).toMatchObject({ code: 'extra_file', file: 'files/x' });
  });
});

describe('a result over an earlier one', () => {
  it('replaces it whole, whatever kind both are', async () => {
    writeProof(proof, brief);
    expect(all()).toEqual([...brief.keys()].sort());
    writeProof(proof, files);
    expect(all()).toEqual([...files.keys()].sort());
    writeProof(proof, whole);
    expect(await verifyProof(proof, { crypto })).toMatchObject({ ok: true });
  });

  it('is not written over what somebody else put there', () => {
    writeFileSync(join(out, 'files', 'thesis.tex'), 'years of work');
    for (const over of [files, brief]) expect(() => writeProof(proof, over)).toThrow(/thesis\.tex/);
    expect(readFileSync(join(out, 'files', 'thesis.tex'), 'utf8')).toBe('years of work');
    expect(all()).toEqual([...files.keys(), 'files/thesis.tex'].sort());
  });

  it('is not written into folders of somebody else', () => {
    const home = join(out, 'home');
    mkdirSync(join(home, 'files'), { recursive: true });
    writeFileSync(join(home, 'files', 'letter'), 'dear');
    expect(() => writeProof(join(home, 'proof'), files)).toThrow(/letter/);
    symlinkSync(join(home, 'files'), join(out, 'link'));
    mkdirSync(join(out, 'linked'));
    symlinkSync(join(home, 'files'), join(out, 'linked', 'files'));
    expect(() => writeProof(join(out, 'linked', 'proof'), files)).toThrow(/not of an earlier result/);
    expect(readdirSync(join(home, 'files'))).toEqual(['letter']);
  });

  it('takes the word of an earlier result only for what that could have written', () => {
    writeFileSync(join(out, 'result.json'), '{"files":[{"path":"../../x"},{"path":1},null,"files/a"]}');
    writeFileSync(join(out, 'files', 'a'), '');
    expect(() => writeProof(proof, files)).toThrow(/not of an earlier result/);
  });
});

describe('a path that leads elsewhere', () => {
  it.each([
    '../x',
    'files/../../x',
    'files/./x',
    'files//x',
    'files/',
    'files',
    '/etc/passwd',
    '.bashrc',
    'proof/x',
    'proof/../x',
    'proof/audit.jsonl/x',
    'files/a\\b',
    'files/a\0',
    '',
  ])('%j is not written', (path) => {
    const before = all();
    expect(() => writeProof(proof, new Map(files).set(path, utf8('x')))).toThrow(/a proof has no file at/);
    expect(all()).toEqual(before);
  });
});
