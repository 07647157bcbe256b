import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BriefOptions, type BriefOutcome, runBrief, type VerifyReport, verifyProof } from 'canswarm';

/* A program of somebody who installed `canswarm`: verifies a proof, alters it, verifies again. */

const [, , proof = ''] = process.argv;

const report: VerifyReport = await verifyProof(proof, {});
const log = join(proof, 'audit.jsonl');
const text = await readFile(log, 'utf8');
await writeFile(log, text.replace(/[a-z]{8}/, 'altered1'));
const altered = await verifyProof(proof, {});
await writeFile(log, text);
console.log(JSON.stringify({ ok: report.ok, altered: altered.ok }));

/** The types are the real ones: what they forbid is refused. */
export async function ask(options: BriefOptions): Promise<BriefOutcome> {
  // @ts-expect-error: a plant is one of those that there are
  const wrong: BriefOptions['plant'] = 'nobody';
  // @ts-expect-error: a path is no number
  await verifyProof(42, {});
  return runBrief({ ...options, plant: wrong });
}
