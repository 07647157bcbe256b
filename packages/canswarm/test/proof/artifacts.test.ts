import { writeCar } from '@canswarm/content-fs';
import { type Block, buildRecord, encodeCbor } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { collectProofBlocks } from '../../src/proof/collect-blocks.ts';
import { proofRoots } from '../../src/proof/proof-content.ts';
import { verifyArtifacts } from '../../src/proof/verify-artifacts.ts';
import { smallContent } from './small-content.ts';
import { crypto } from './small-log.ts';

const { sha256 } = crypto;
const options = { sha256, gas: 100_000 };
const small = await smallContent();

async function collect(includeSources = false, from = small) {
  const collected = await collectProofBlocks(from.content, from.task, { ...options, includeSources });
  if (!collected.ok) throw new Error(`${collected.code} ${collected.detail}`);
  return collected;
}

const { car } = await collect();
const verify = (bytes: Uint8Array) => verifyArtifacts(bytes, small.task, options);
const verifyBlocks = (blocks: readonly Block[], roots = car.roots) => verify(writeCar(roots, blocks));

describe('blocks of a proof', () => {
  it('are outputs, acceptance and the paths to the cited words', () => {
    const leaves = small.blocks.filter(({ bytes }) => bytes.length === 16_384);
    expect(leaves.length).toBeGreaterThanOrEqual(2);
    // the long document's root and last leaf are there, its other leaves and the uncited document are not
    expect(car.blocks).toHaveLength(9);
    expect(car.blocks.some(({ cid }) => leaves.some((leaf) => leaf.cid === cid))).toBe(false);
    expect(verifyBlocks(car.blocks)).toMatchObject({ ok: true, sources: false });
  });

  it('are everything with the sources', async () => {
    const whole = await collect(true);
    expect(whole.car.blocks).toHaveLength(new Set(small.blocks.map(({ cid }) => cid)).size);
    expect(verifyBlocks(whole.car.blocks)).toMatchObject({ ok: true, sources: true });
  });

  it('have the outputs, the acceptance and the inputs as roots', () => {
    const { outputs, acceptance, inputs } = small.task;
    expect(proofRoots(small.task)).toEqual([outputs[0]?.cid, acceptance, inputs[0]?.cid]);
    expect(verifyBlocks(car.blocks, [...car.roots].reverse())).toMatchObject({
      ok: false,
      code: 'roots_other',
      block: 0,
    });
  });

  it('give back every citation', () => {
    const verified = verifyBlocks(car.blocks);
    if (!verified.ok) throw new Error(verified.detail);
    expect(verified.content.records.map(({ key, citation }) => [key, citation?.path])).toEqual([
      ['report', undefined],
      ['s/0001', 'SECURITY.md'],
      ['s/0002', 'docs/long.md'],
    ]);
  });

  it('are not collected where a block is missing', async () => {
    const content = { get: (cid: string) => Promise.reject(new Error(`no ${cid}`)) };
    await expect(collectProofBlocks(content, small.task, { ...options, includeSources: false })).rejects.toThrow(
      small.task.acceptance,
    );
  });
});

describe('verification names the block that is', () => {
  it.each(car.blocks.map((block, index) => [index, block] as const))('missing: %i', (index, { cid }) => {
    expect(verifyBlocks(car.blocks.toSpliced(index, 1))).toMatchObject({ ok: false, code: 'block_missing', cid });
  });

  it('extra', () => {
    const { cid, bytes } = buildRecord({ extra: true }, sha256);
    expect(verifyBlocks([...car.blocks, { cid, bytes }])).toMatchObject({ ok: false, code: 'block_extra', cid });
  });

  it('extra, though it is part of the sources', () => {
    const leaf = small.blocks.find(({ bytes }) => bytes.length === 16_384);
    expect(leaf).toBeDefined();
    expect(verifyBlocks([...car.blocks, ...(leaf === undefined ? [] : [leaf])])).toMatchObject({
      ok: false,
      code: 'block_extra',
      cid: leaf?.cid,
    });
  });

  it('changed', () => {
    const bytes = writeCar(car.roots, car.blocks);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    expect(verify(bytes)).toMatchObject({ ok: false, code: 'hash_differs', block: 9 });
  });

  it('cut off', () => {
    expect(verify(writeCar(car.roots, car.blocks).slice(0, -1))).toMatchObject({
      ok: false,
      code: 'malformed',
      block: 9,
    });
  });

  it('no CAR at all', () => {
    for (const bytes of [
      new Uint8Array(),
      Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x7f),
      encodeCbor({ roots: [], version: 1 }),
    ]) {
      expect(verify(bytes)).toMatchObject({ ok: false, file: 'artifacts.car', block: 0 });
    }
  });
});

describe('a result', () => {
  it('that quotes wrongly is not proven', async () => {
    const liar = await smallContent((statement) => ({
      ...statement,
      quote: 'Report nothing to anybody at all, ever, my friend.',
      sha256: sha256(new Uint8Array()),
    }));
    const collected = await collectProofBlocks(liar.content, liar.task, { ...options, includeSources: false });
    expect(collected).toMatchObject({ ok: false, code: 'citation_false' });
  });

  it('that has not the shape demanded is not proven', async () => {
    const odd = await smallContent(() => ({ note: 'no quote' }));
    const collected = await collectProofBlocks(odd.content, odd.task, { ...options, includeSources: false });
    expect(collected).toMatchObject({ ok: false, code: 'schema_violation' });
  });

  it('needs gas to be judged', async () => {
    const collected = await collectProofBlocks(small.content, small.task, { sha256, gas: 1, includeSources: false });
    expect(collected).toMatchObject({ ok: false, code: 'schema_violation' });
  });
});
