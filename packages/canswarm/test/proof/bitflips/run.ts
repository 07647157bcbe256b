/**
 * Flips every single bit of every file of a proof, one at a time, and verifies each time:
 *
 *   node packages/canswarm/test/proof/bitflips/run.ts [<out folder or proof folder>] [--sample N] [--threads N] [--json]
 *
 * Without a folder it makes two small proofs itself, of a brief and of an agent's result. Ends with 0 when every flip was noticed and
 * the broken line, block or file named; 1 lists those that were not.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BYTES_MAX, insidePath, PROOF_FILE_KEYS, type ProofBytes } from '../../../src/proof/folder/layout.ts';
import { folderSource } from '../../../src/proof/folder/proof-source.ts';
import { verifySource } from '../../../src/proof/verify-proof.ts';
import { crypto } from '../small-log.ts';
import { smallAgentProof, smallProof } from '../small-proof.ts';
import { bitCount } from './flip.ts';
import { flipAll } from './pool.ts';

const LISTED = 100;
const PROGRESS_MS = 2000;

interface Options {
  readonly sample: string | undefined;
  readonly threads: number;
}

/** The files of a proof in a folder, which holds. */
function filesIn(given: string): ProofBytes {
  const proof = existsSync(join(given, 'proof')) ? join(given, 'proof') : given;
  const opened = folderSource(proof);
  if (!opened.ok) throw new Error(`${opened.file}: ${opened.detail}`);
  const whole = verifySource(opened.source, { crypto });
  if (!whole.ok) throw new Error(whole.report.error?.sentence ?? 'the proof does not hold');
  const inside = PROOF_FILE_KEYS.map((file) => {
    const bytes = opened.source.read(insidePath(file), BYTES_MAX[file]);
    if (!(bytes instanceof Uint8Array)) throw new Error(`${bytes.file}: ${bytes.detail}`);
    return [insidePath(file), bytes] as const;
  });
  // What lies beside it is what the result renders to: that was just compared.
  return new Map([...inside, ...whole.proven.result.documents]);
}

/** Flips the bits of one proof. */
async function flip(name: string, files: ProofBytes, { sample, threads }: Options) {
  const bits = bitCount(files);
  const flips = sample === undefined ? bits : Math.min(bits, Number(sample));
  const stride = Math.floor(bits / flips);
  const startedAt = performance.now();
  let told = startedAt;
  const { tried, flaws } = await flipAll(files, { threads, flips, stride }, (done) => {
    if (performance.now() - told < PROGRESS_MS) return;
    told = performance.now();
    const rate = Math.round(done / ((told - startedAt) / 1000));
    process.stderr.write(`${name}: ${done} of ${flips} flips, ${rate} a second\n`);
  });
  const seconds = (performance.now() - startedAt) / 1000;
  for (const { kind, file, byte, bit, said } of flaws.slice(0, LISTED))
    process.stderr.write(`${name}: ${kind}: ${file} byte ${byte} bit ${bit} ${said}\n`);
  const unnoticed = flaws.filter(({ kind }) => kind === 'unnoticed').length;
  const sizes = Object.fromEntries([...files].map(([file, bytes]) => [file, bytes.length]));
  const metrics = {
    bits,
    tried,
    unnoticed,
    misnamed: flaws.length - unnoticed,
    seconds,
    flipsPerSecond: tried / seconds,
  };
  return { name, sizes, metrics, flaws: flaws.slice(0, LISTED), whole: flaws.length === 0 && tried === flips };
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      sample: { type: 'string' },
      threads: { type: 'string', default: '2' },
      json: { type: 'boolean', default: false },
    },
  });
  const [given] = positionals;
  const proofs: readonly (readonly [string, ProofBytes])[] =
    given === undefined
      ? [
          ['brief', (await smallProof()).files],
          ['agent', (await smallAgentProof()).files],
        ]
      : [[given, filesIn(given)]];
  const options = { sample: values.sample, threads: Number(values.threads) };
  const runs: Awaited<ReturnType<typeof flip>>[] = [];
  for (const [name, files] of proofs) runs.push(await flip(name, files, options));
  const total = (of: (metrics: (typeof runs)[number]['metrics']) => number): number =>
    runs.reduce((sum, { metrics }) => sum + of(metrics), 0);
  const [tried, seconds] = [total((one) => one.tried), total((one) => one.seconds)];
  const [unnoticed, misnamed] = [total((one) => one.unnoticed), total((one) => one.misnamed)];
  const metrics = {
    bits: total(({ bits }) => bits),
    tried,
    unnoticed,
    misnamed,
    seconds,
    flipsPerSecond: tried / seconds,
  };
  const failed = runs.filter(({ whole }) => !whole).length;
  const proven = runs.map(({ whole: _whole, ...run }) => run);
  if (values.json)
    process.stdout.write(
      `${JSON.stringify({ suite: 'bitflips', metrics, proofs: proven, passed: runs.length - failed, failed })}\n`,
    );
  else
    for (const { name, metrics: one } of runs)
      process.stdout.write(
        `${name}: ${one.tried} flips in ${one.seconds.toFixed(1)} s: ${one.unnoticed} unnoticed, ${one.misnamed} misnamed\n`,
      );
  return failed === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
