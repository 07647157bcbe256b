import { writeCar } from '@canswarm/content-fs';
import { encodeGenesis, type Genesis, genesisCid, toHex, utf8 } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { exportAudit } from '../../src/audit/audit-text.ts';
import { ProofMemo } from '../../src/proof/proof-memo.ts';
import { verifyBytes } from '../../src/proof/verify-proof.ts';
import { provenReport } from '../../src/proof/verify-report.ts';
import { crypto } from './small-log.ts';
import { livesProof, smallProof, withFiles } from './small-proof.ts';

const { log, car, files } = await smallProof();
type Changes = Readonly<Record<string, Uint8Array>>;
const bytesOf = (path: string): Uint8Array => files.get(path) ?? new Uint8Array();
const textOf = (path: string): string => new TextDecoder().decode(bytesOf(path));
const network = genesisCid(log.genesis, crypto.sha256);
const text = exportAudit(log.entries);
const lines = text.split('\n').slice(0, -1);

const verify = (changed: Changes, options: Partial<Parameters<typeof verifyBytes>[1]> = {}) =>
  verifyBytes(withFiles(files, changed), { crypto, ...options });

function fault(changed: Changes, options: Parameters<typeof verify>[1] = {}) {
  const verified = verify(changed, options);
  if (verified.ok) throw new Error('it holds');
  expect(verified.report).toMatchObject({ ok: false, proven: [] });
  return verified.report.error;
}

const audit = (changed: readonly string[]): Changes => ({
  audit: utf8(changed.map((line) => `${line}\n`).join('')),
});

describe('a proof that holds', () => {
  const verified = verify({});
  if (!verified.ok) throw new Error(verified.report.error?.sentence);
  const report = provenReport(verified.proven);

  it('says what was proven, with the numbers', () => {
    expect(report).toMatchObject({
      ok: true,
      network,
      digest: toHex(log.state.digest),
      entries: 12,
      certificates: 2,
      artifacts: 9,
    });
    // twelve entries; four reports in each of six ticks; three plan votes and a bid; three result votes
    expect(report.signatures).toBe(12 + 24 + 4 + 3);
    expect(report.proven.join('\n')).toMatch(/All 2 quotes stand byte for byte/);
    expect(report.proven.join('\n')).toMatch(/11 entries are accepted and 1 rejected/);
  });

  it('says what was not', () => {
    const not = report.notProven.join('\n');
    for (const part of [/--network/, /every key/, /log is complete/, /authentic/, /--reexecute/, /line numbers/])
      expect(not).toMatch(part);
  });

  it('holds over several lives of a log: the statements by which they began are verified too', async () => {
    const lives = await livesProof();
    const whole = verifyBytes(lives.files, { crypto });
    if (!whole.ok) throw new Error(whole.report.error?.sentence);
    // Two RESTARTs with the statements of seven verifiers each.
    expect(provenReport(whole.proven)).toMatchObject({ entries: 14, signatures: 12 + 24 + 4 + 3 + 2 * 8 });
    // Without the first of them nothing that follows is of the present life.
    const few = exportAudit(lives.log.entries.toSpliced(4, 1).map((one, index) => ({ ...one, position: index + 1 })));
    expect(verifyBytes(withFiles(lives.files, { audit: utf8(few) }), { crypto }).ok).toBe(false);
  });

  it('can be pinned to its network', () => {
    const pinned = verify({}, { network });
    if (!pinned.ok) throw new Error('it does not hold');
    expect(provenReport(pinned.proven).notProven.join()).not.toMatch(/--network/);
    const other = genesisCid({ ...log.genesis, name: 'other' }, crypto.sha256);
    expect(fault({}, { network: other })).toMatchObject({ file: 'genesis.cbor', code: 'network_other' });
  });
});

describe('the log', () => {
  it('of another network is refused, naming the genesis', () => {
    const changes: Partial<Genesis>[] = [
      { name: 'other' },
      { time: log.genesis.time + 1 },
      { supplyCap: log.genesis.supplyCap + 1 },
    ];
    for (const change of changes) {
      expect(fault({ genesis: encodeGenesis({ ...log.genesis, ...change }) })).toMatchObject({
        file: 'genesis.cbor',
        code: 'network_other',
      });
    }
    expect(fault({ genesis: new Uint8Array() })).toMatchObject({ file: 'genesis.cbor' });
  });

  it('is named by line and position where an entry lacks, is doubled or stands in another place', () => {
    expect(fault(audit(lines.toSpliced(4, 1)))).toMatchObject({ file: 'audit.jsonl', line: 5, position: 5 });
    expect(fault(audit(lines.toSpliced(4, 0, lines[4] ?? '')))).toMatchObject({ position: 6 });
    const renumbered = log.entries.toSpliced(4, 1).map(({ bytes }, index) => ({ position: index + 1, bytes }));
    expect(fault({ audit: utf8(exportAudit(renumbered)) })).toBeDefined();
    const swapped = log.entries
      .with(4, { position: 5, bytes: log.entries[5]?.bytes ?? new Uint8Array() })
      .with(5, { position: 6, bytes: log.entries[4]?.bytes ?? new Uint8Array() });
    expect(fault({ audit: utf8(exportAudit(swapped)) })).toBeDefined();
  });

  it('cut short proves nothing: the digest is not what the documents say', () => {
    expect(fault(audit(lines.slice(0, 11)))).toMatchObject({ file: 'result.json', code: 'not_what_was_committed' });
    expect(fault(audit(lines.slice(0, 10)))).toMatchObject({ file: 'audit.jsonl', code: 'nothing_final' });
    expect(fault(audit([]))).toMatchObject({ file: 'audit.jsonl', code: 'empty' });
    expect(fault({ audit: bytesOf('proof/audit.jsonl').slice(0, -1) })).toMatchObject({
      line: 12,
      position: 12,
      code: 'no_line_end',
    });
  });

  it('names position and id of an entry that nobody signed so', () => {
    const forged = lines.map((line, index) => (index === 4 ? line.replace('"wallMs":1', '"wallMs":2') : line));
    expect(fault(audit(forged))).toMatchObject({
      position: 5,
      code: 'bad_signature',
      id: expect.stringMatching(/^bafyrei/),
    });
  });

  it('with an entry of another log at its end is another log', () => {
    const more = [...log.entries, { position: 13, bytes: log.entries[2]?.bytes ?? new Uint8Array() }];
    expect(fault({ audit: utf8(exportAudit(more)) })).toMatchObject({ file: 'result.json' });
  });
});

describe('the documents', () => {
  it.each<[string, (text: string) => string]>([
    ['result.json', (text) => text.replace('security@example.org', 'security@example.com')],
    ['result.json', (text) => text.replace('{', '{ ')],
    ['result.json', () => ''],
    ['brief.md', (text) => `${text}One more line.\n`],
    ['brief.md', (text) => text.replace('Never', 'Always')],
  ])('%s must be what was committed', (name, change) => {
    expect(fault({ [name]: utf8(change(textOf(name))) })).toMatchObject({
      file: name,
      code: 'not_what_was_committed',
      line: expect.any(Number),
    });
  });
});

describe('the blocks', () => {
  it('must be all of them', () => {
    const { roots, blocks } = car;
    expect(fault({ artifacts: writeCar(roots, blocks.slice(1)) })).toMatchObject({
      file: 'artifacts.car',
      code: 'block_missing',
      cid: blocks[0]?.cid,
    });
  });

  it('may be the sources too', async () => {
    const whole = await smallProof(true);
    const verified = verifyBytes(whole.files, { crypto });
    if (!verified.ok) throw new Error(verified.report.error?.sentence);
    expect(verified.proven.artifacts.sources).toBe(true);
  });
});

describe('a memo', () => {
  it('changes no answer', () => {
    const memo = new ProofMemo();
    expect(verify({}, { memo }).ok).toBe(true);
    expect(verify({}, { memo }).ok).toBe(true);
    const changed = bytesOf('proof/audit.jsonl').slice();
    changed[1000] = (changed[1000] ?? 0) ^ 1;
    expect(fault({ audit: changed }, { memo })).toEqual(fault({ audit: changed }));
    expect(fault({ 'brief.md': utf8('x') }, { memo })).toMatchObject({ file: 'brief.md' });
    expect(verify({}, { memo }).ok).toBe(true);
  });

  it('of one log does not vouch for the documents of a longer one', () => {
    const memo = new ProofMemo();
    expect(verify({}, { memo }).ok).toBe(true);
    const more = [...log.entries, { position: 13, bytes: log.entries[2]?.bytes ?? new Uint8Array() }];
    const longer = { audit: utf8(exportAudit(more)) };
    expect(fault(longer, { memo })).toMatchObject({ file: 'result.json', code: 'not_what_was_committed' });
  });

  it('remembers what holds only', () => {
    const memo = new ProofMemo();
    const changed = bytesOf('proof/audit.jsonl').slice();
    changed[1000] = (changed[1000] ?? 0) ^ 1;
    fault({ audit: changed }, { memo });
    expect(fault({ audit: changed }, { memo })).toBeDefined();
    expect(verify({}, { memo }).ok).toBe(true);
  });
});
