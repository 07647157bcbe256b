import { spawn } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../src/index.ts';
import { fakeIo } from './fake-io.ts';

const BIN = fileURLToPath(new URL('../bin/canswarm.ts', import.meta.url));
const QUESTION = 'How do I report a vulnerability?';
/** Longest wait for a whole brief on a busy machine, ms. */
const BRIEF_MS = 120_000;

interface Ended {
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command as a user does: a process of its own. `interruptAt` sends it an interrupt once it has said this. */
function canswarm(argv: readonly string[], interruptAt?: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    let waiting = true;
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
      const now = waiting && interruptAt !== undefined && err.includes(interruptAt);
      if (!now) return;
      waiting = false;
      child.kill('SIGINT');
    });
    child.once('error', reject);
    child.once('close', (exit) => resolve({ exit, out, err }));
  });
}

/** Runs the command in this process: the same but for the process. */
async function here(argv: readonly string[]): Promise<Ended> {
  const io = fakeIo();
  const exit = await main(argv, io);
  return { exit, out: io.out.text, err: io.err.text };
}

const json = ({ out }: Ended): Record<string, unknown> => JSON.parse(out.trimEnd().split('\n').at(-1) ?? '');

let folder = '';
let docs = '';
let proof = '';
let briefed: Ended = { exit: null, out: '', err: '' };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'canswarm-commands-'));
  docs = join(folder, 'docs');
  mkdirSync(join(docs, 'deep'), { recursive: true });
  writeFileSync(
    join(docs, 'SECURITY.md'),
    '# Security\n\nTo report a vulnerability, write to security@example.org.\n\nNever report a vulnerability in a public issue.\n',
  );
  writeFileSync(
    join(docs, 'deep', 'guide.md'),
    '# Guide\n\nInstall it and read on.\n\nThis paragraph speaks of nothing in particular.\n',
  );
  writeFileSync(join(docs, 'bad.md'), Uint8Array.of(0x61, 0, 0x62));
  proof = join(folder, 'out', 'proof');
  briefed = await canswarm(['brief', docs, '--ask', QUESTION, '--out', join(folder, 'out'), '--json']);
}, BRIEF_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of the output that a test may break. */
function copy(name: string): string {
  cpSync(join(folder, 'out'), join(folder, name), { recursive: true });
  return join(folder, name, 'proof');
}

describe('brief', () => {
  it('ends with one JSON object, its progress on standard error', () => {
    expect(briefed.exit).toBe(0);
    expect(json(briefed)).toMatchObject({
      needId: expect.stringMatching(/^bafyrei/),
      statements: expect.any(Number),
      seconds: expect.any(Number),
      slashed: [],
      proof,
    });
    expect(briefed.out.trimEnd()).not.toContain('\n');
    expect(briefed.err).toContain('1 file skipped');
    expect(briefed.err).not.toContain('\x1b');
  });

  it('quotes byte for byte', () => {
    const { statements } = JSON.parse(readFileSync(join(folder, 'out', 'result.json'), 'utf8'));
    expect(statements.length).toBeGreaterThan(0);
    for (const { quote, path, byteStart, byteEnd } of statements) {
      expect(readFileSync(join(docs, path)).subarray(byteStart, byteEnd).toString('utf8')).toBe(quote);
    }
  });

  it('pays the worker and the seats, and the requester pays', () => {
    const { paid, people } = json(briefed) as {
      paid: Record<string, number>;
      people: { name: string; before: number; after: number }[];
    };
    const worth = (name: string): number =>
      people.filter((one) => one.name === name).reduce((sum, { before, after }) => sum + after - before, 0);
    expect(Object.values(paid).every((amount) => amount > 0)).toBe(true);
    expect(worth('requester')).toBeLessThan(0);
    expect(people.reduce((sum, { before, after }) => sum + after - before, 0)).toBeLessThanOrEqual(0);
  });

  it('of a folder without documents ends with 1', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const ended = await canswarm(['brief', empty, '--ask', QUESTION, '--out', join(folder, 'none'), '--json']);
    expect(ended.exit).toBe(1);
    expect(json(ended)).toMatchObject({ error: { code: 'no_documents' } });
  });

  it('that finds nothing says so, with a proof of it', async () => {
    const out = join(folder, 'nothing');
    const ended = await canswarm(['brief', docs, '--ask', 'zzzqqq', '--out', out]);
    expect(ended.exit).toBe(0);
    expect(ended.out).toContain(
      'Nothing was found in the documents that answers the question\n  The brief has no quotes.',
    );
    expect(ended.out).not.toContain('0 quotes');
    const verified = await here(['verify', join(out, 'proof')]);
    expect(verified.exit).toBe(0);
    expect(verified.out).toContain('There are no quotes: the brief says that nothing was found.');
  });

  it('of one quote speaks of one', async () => {
    const [source, out] = [join(folder, 'one-document'), join(folder, 'one')];
    cpSync(join(docs, 'SECURITY.md'), join(source, 'SECURITY.md'));
    const ended = await canswarm(['brief', source, '--ask', QUESTION, '--max', '1', '--out', out]);
    expect(ended.out).toContain('1 quote, checked against');
    const verified = await here(['verify', join(out, 'proof'), '--reexecute', source]);
    expect(verified.exit).toBe(0);
    expect(verified.out).toMatch(/The one quote stands byte for byte/);
    expect(verified.out).toMatch(/The one document of \S+ is the need's input;/);
  });

  it('that cannot write ends with 3 and says what to do', async () => {
    writeFileSync(join(folder, 'file'), '');
    const ended = await canswarm(['brief', docs, '--ask', QUESTION, '--out', join(folder, 'file', 'out')]);
    expect(ended.exit).toBe(3);
    expect(ended.err).toMatch(/cannot write/);
    expect(ended.err).toContain('--out');
  });

  it('that is interrupted stops and ends with 130', async () => {
    const ended = await canswarm(
      ['brief', docs, '--ask', QUESTION, '--out', join(folder, 'interrupted')],
      'need posted',
    );
    expect(ended.exit).toBe(130);
    expect(ended.err).toContain('interrupted');
    expect(ended.out).toBe('');
  });
});

describe('verify', () => {
  it('of a proof that holds ends with 0', async () => {
    const ended = await here(['verify', proof, '--json']);
    expect(ended.exit).toBe(0);
    const { digest, stateRoot, network } = json(briefed);
    expect(json(ended)).toMatchObject({ ok: true, digest, stateRoot, network });
  });

  it('redoes the ranking over the same documents', async () => {
    const ended = await here(['verify', proof, '--reexecute', docs, '--network', String(json(briefed)['network'])]);
    expect(ended.exit).toBe(0);
    expect(ended.out).toContain('ranked again');
    expect(ended.out).not.toContain('Pin its genesis');
    expect(ended.out).toMatch(/reaches the \d+ % of the best[\s\S]*Not proven[\s\S]*no better quote was left out/);
  });

  it('redoes no ranking without the documents', async () => {
    const ended = await here(['verify', proof, '--reexecute']);
    expect(ended.exit).toBe(2);
    expect(ended.err).toContain('Name the folder that was briefed: --reexecute FOLDER');
  });

  it('of other documents ends with 1', async () => {
    cpSync(docs, join(folder, 'changed'), { recursive: true });
    appendFileSync(join(folder, 'changed', 'deep', 'guide.md'), 'One more line.\n');
    const ended = await here(['verify', proof, '--reexecute', join(folder, 'changed'), '--json']);
    expect(ended.exit).toBe(1);
    expect(json(ended)).toMatchObject({ ok: false, error: { code: 'documents_other' } });
    const told = await here(['verify', proof, '--reexecute', join(folder, 'changed')]);
    expect(told.exit).toBe(1);
    expect(told.out).toMatch(
      /^Proven\n[\s\S]*Not proven\n[\s\S]*\nThe proof holds, but it is not about the documents of \S+changed\./,
    );
    expect(told.out).not.toContain('does not hold');
  });

  it('of a folder that is no proof ends with 2, of one that lost files with 1', async () => {
    const empty = join(folder, 'no-proof');
    mkdirSync(empty);
    for (const path of [empty, docs, join(docs, 'SECURITY.md')]) {
      const ended = await here(['verify', path]);
      expect(ended.exit).toBe(2);
      expect(ended.err).toContain('There is no proof at this path.');
    }
    const robbed = copy('robbed');
    for (const name of ['audit.jsonl', 'artifacts.car']) rmSync(join(robbed, name));
    const ended = await here(['verify', robbed]);
    expect(ended.exit).toBe(1);
    expect(ended.out).toContain('The proof does not hold. audit.jsonl: there is no such file');
  });

  it('of a broken proof ends with 1 and names what is broken', async () => {
    const broken = copy('broken');
    const path = join(broken, 'audit.jsonl');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"verb":"COMMIT"', '"verb":"COMMUT"'));
    const ended = await here(['verify', broken, '--json']);
    expect(ended.exit).toBe(1);
    expect(json(ended)).toMatchObject({
      ok: false,
      proven: [],
      error: { file: 'audit.jsonl', position: expect.any(Number) },
    });
    const told = await here(['verify', broken]);
    expect(told.out).toMatch(/does not hold\. audit\.jsonl line \d+ \(entry at position \d+/);
  });

  it('of a proof of another network ends with 1', async () => {
    const { needId } = json(briefed);
    const other = await here(['verify', proof, '--network', String(needId)]);
    expect(other.exit).toBe(1);
    expect(other.out).toMatch(/^The proof is not of the network that you demand\.[\s\S]*look whether --network names/);
  });
});

describe('replay', () => {
  it('gives the digest and state root of the run', async () => {
    const ended = await here(['replay', join(proof, 'audit.jsonl'), '--json']);
    expect(ended.exit).toBe(0);
    const { digest, stateRoot, entries } = json(briefed);
    expect(json(ended)).toMatchObject({ digest, stateRoot, entries });
    expect(json(ended)).not.toHaveProperty('divergence');
  });

  it('of a log cut short diverges and ends with 1', async () => {
    const path = join(copy('short'), 'audit.jsonl');
    writeFileSync(path, `${readFileSync(path, 'utf8').trimEnd().split('\n').slice(0, -1).join('\n')}\n`);
    const ended = await here(['replay', path, '--json']);
    expect(ended.exit).toBe(1);
    expect(json(ended)).toMatchObject({ divergence: { code: 'digest_other' } });
    const told = await here(['replay', path, '--against', proof]);
    expect(told.exit).toBe(1);
    expect(told.out).toMatch(/diverges at entry \d+: expected an entry, there is no entry \[length_other\]/);
  });

  it('writes steps, and names the entry, field and value at which another replay differs', async () => {
    const steps = join(folder, 'steps.jsonl');
    expect((await here(['replay', proof, '--steps', steps])).exit).toBe(0);
    const same = await here(['replay', proof, '--against', steps]);
    expect(same.out).toContain(`it is as ${steps} says`);
    const lines = readFileSync(steps, 'utf8').split('\n');
    const first = lines[1] ?? '';
    writeFileSync(steps, lines.with(1, first.replace('"accepted":true', '"accepted":false')).join('\n'));
    const other = await here(['replay', proof, '--against', steps]);
    expect(other.exit).toBe(1);
    expect(other.out).toMatch(
      /diverges at entry 1 \[step_other\]\n {2}field {5}accepted\n {2}expected {2}false\n {2}found {5}true/,
    );
    expect(other.out).toContain(`canswarm explain 1 --proof ${proof}`);
    const silent = await here(['replay', proof, '--against', steps, '--json']);
    expect(json(silent)).toMatchObject({ divergence: { position: 1, path: 'accepted', expected: false, found: true } });
  });

  it('shows the state after an entry, whole or in part, and compares with one', async () => {
    const burned = await here(['replay', proof, '--until', '1', '--state', 'accounts.burn', '--json']);
    expect(json(burned)).toMatchObject({ entries: 1, part: 'accounts.burn', state: expect.any(Number) });
    const whole = await here(['replay', proof, '--until', '1', '--state', '--json']);
    expect(json(whole)).toMatchObject({ entries: 1, state: { position: 1, epoch: 1 } });
    const file = join(folder, 'state.json');
    writeFileSync(file, whole.out);
    expect((await here(['replay', proof, '--against', file])).exit).toBe(0);
    writeFileSync(file, whole.out.replace('"epoch":1,', '"epoch":2,'));
    const other = await here(['replay', proof, '--against', file]);
    expect(other.out).toMatch(/diverges at entry 1 \[state_other\]\n {2}field {5}state\.epoch\n/);
    const none = await here(['replay', proof, '--state', 'nothing']);
    expect([none.exit, none.err]).toEqual([1, expect.stringContaining('Name one of these')]);
  });
});

describe('ledger', () => {
  it('sums to zero', async () => {
    const ended = await here(['ledger', proof, '--json']);
    expect(ended.exit).toBe(0);
    const { sum, sound, accounts } = json(ended) as { sum: number; sound: boolean; accounts: Record<string, number> };
    expect([sum, sound]).toEqual([0, true]);
    expect(Object.values(accounts).reduce((total, one) => total + one, 0)).toBe(0);
  });

  it('shows one key', async () => {
    const { people } = json(briefed) as { people: { did: string; name: string; after: number }[] };
    const requester = people.find(({ name }) => name === 'requester');
    const ended = await here(['ledger', proof, requester?.did ?? '']);
    expect(ended.exit).toBe(0);
    expect(ended.out).toContain('escrow_price');
    expect((await here(['ledger', proof, 'did:key:z6MkNobody'])).exit).toBe(1);
  });
});

describe('a question to the ledger', () => {
  const of = async (...asked: readonly string[]) =>
    json(await here(['ledger', proof, ...asked, '--json'])) as {
      accounts: Record<string, number>;
      postings: { position: number; code: string; rule: string }[];
    };

  it('may be for a part of the log, and for balances as they were', async () => {
    const all = await of();
    const [start, first, rest] = [await of('--to', '0'), await of('--to', '1'), await of('--from', '2')];
    expect(start.postings.every(({ code }) => code === 'genesis')).toBe(true);
    expect(first.postings.at(-1)).toMatchObject({ position: 1, rule: 'NEED' });
    expect([...first.postings, ...rest.postings]).toEqual(all.postings);
    expect(Object.values(first.accounts).reduce((sum, one) => sum + one, 0)).toBe(0);
    expect(first.accounts['burn']).toBeLessThan(all.accounts['burn'] ?? 0);
  });

  it('may be for postings of one code', async () => {
    const { postings } = await of('--code', 'log_fee');
    expect(postings.length).toBeGreaterThan(1);
    expect(new Set(postings.map(({ code }) => code))).toEqual(new Set(['log_fee']));
    const told = await here(['ledger', proof, '--code', 'log_fee', '--from', '1']);
    expect(told.out).toContain('log_fee');
    expect(told.out).not.toContain('seat_fee');
  });
});

describe('explain', () => {
  it('shows an entry by position and by id', async () => {
    const first = await here(['explain', '1', '--proof', proof, '--json']);
    expect(first.exit).toBe(0);
    expect(json(first)).toMatchObject({ position: 1, verb: 'NEED', accepted: true, id: json(briefed)['needId'] });
    const same = await here(['explain', String(json(briefed)['needId']), '--proof', proof]);
    expect(same.out).toContain('escrow_fees');
  });

  it('of an entry that is not there ends with 1', async () => {
    const ended = await here(['explain', '100000', '--proof', proof]);
    expect(ended.exit).toBe(1);
    expect(ended.err).toMatch(/It has positions 1 to \d+/);
  });
});

describe('check', () => {
  const report = (text: string): string => {
    const path = join(folder, 'report.md');
    writeFileSync(path, text);
    return path;
  };

  it('of a true report ends with 0', async () => {
    const path = report('> Never report a vulnerability in a public issue.\n\n([SECURITY.md](SECURITY.md))\n');
    const ended = await here(['check', path, '--against', docs, '--json']);
    expect(ended.exit).toBe(0);
    expect(json(ended)).toMatchObject({ ok: true });
  });

  it('of a report that invents a quotation ends with 1 and names it', async () => {
    const path = report('It says "always report a vulnerability in a public issue" somewhere.\n');
    const ended = await here(['check', path, '--against', docs]);
    expect(ended.exit).toBe(1);
    expect(ended.out).toMatch(/1 false\n {2}line 1: "always report/);
  });
});

it('a reader that goes away ends it quietly', async () => {
  const child = spawn('sh', ['-c', '"$0" "$1" --help | head -1', process.execPath, BIN]);
  let err = '';
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const exit = await new Promise((resolve) => child.once('close', resolve));
  expect([exit, err]).toEqual([0, '']);
});
