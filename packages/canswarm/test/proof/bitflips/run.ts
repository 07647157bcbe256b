/**
 * Flips every single bit of every file of a proof, one at a time, and verifies each time:
 *
 *   node packages/canswarm/test/proof/bitflips/run.ts <out folder or proof folder> [--sample N] [--threads N] [--json]
 *
 * Ends with 0 when every flip was noticed and the broken line or block named; 1 lists those that were not.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PROOF_FILES, readProofFolder } from '../../../src/proof/layout.ts';
import { verifyBytes } from '../../../src/proof/verify-proof.ts';
import { crypto } from '../small-log.ts';
import { bitCount } from './flip.ts';
import { flipAll } from './pool.ts';

const LISTED = 100;
const PROGRESS_MS = 2000;

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
  if (given === undefined) throw new Error('name the proof folder, or the folder that holds it');
  const proof = existsSync(join(given, 'proof')) ? join(given, 'proof') : given;
  const read = readProofFolder(proof);
  if (!read.ok) throw new Error(`${read.file}: ${read.detail}`);
  const { files } = read;
  const whole = verifyBytes(files, { crypto });
  if (!whole.ok) throw new Error(whole.report.error?.sentence ?? 'the proof does not hold');
  const bits = bitCount(files);
  const flips = values.sample === undefined ? bits : Math.min(bits, Number(values.sample));
  const stride = Math.floor(bits / flips);
  const startedAt = performance.now();
  let told = startedAt;
  const { tried, flaws } = await flipAll(files, { threads: Number(values.threads), flips, stride }, (done) => {
    if (performance.now() - told < PROGRESS_MS) return;
    told = performance.now();
    process.stderr.write(`${done} of ${flips} flips, ${Math.round(done / ((told - startedAt) / 1000))} a second\n`);
  });
  const seconds = (performance.now() - startedAt) / 1000;
  const sizes = Object.fromEntries(
    Object.entries(PROOF_FILES).map(([file, name]) => [name, files[file as keyof typeof files].length]),
  );
  for (const flaw of flaws.slice(0, LISTED)) {
    process.stderr.write(`${flaw.kind}: ${PROOF_FILES[flaw.file]} byte ${flaw.byte} bit ${flaw.bit} ${flaw.said}\n`);
  }
  const unnoticed = flaws.filter(({ kind }) => kind === 'unnoticed').length;
  const metrics = {
    bits,
    tried,
    unnoticed,
    misnamed: flaws.length - unnoticed,
    seconds,
    flipsPerSecond: tried / seconds,
  };
  const failed = flaws.length === 0 && tried === flips ? 0 : 1;
  const said = { suite: 'bitflips', sizes, metrics, flaws: flaws.slice(0, LISTED), passed: 1 - failed, failed };
  process.stdout.write(
    values.json
      ? `${JSON.stringify(said)}\n`
      : `${tried} flips in ${seconds.toFixed(1)} s: ${unnoticed} unnoticed, ${flaws.length - unnoticed} misnamed\n`,
  );
  return failed;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
