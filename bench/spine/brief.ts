import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractParagraphs, scanFolder } from '@canswarm/brief';
import { sha256 } from '@canswarm/local';
import { buildFile } from '@canswarm/protocol';
import { runBrief } from 'canswarm';
import { figure } from '../measure.ts';
import type { Metrics } from '../metrics.ts';

const FOLDER = 'node_modules';
const QUESTION = 'How do I report a security vulnerability?';
const STATEMENTS = 12;

/** A whole brief over the documents of node_modules, beside one extraction by the same engine without any network. */
export async function briefBench(say: (line: string) => void): Promise<Metrics> {
  const plainStart = performance.now();
  const { documents } = await scanFolder(FOLDER);
  const sources = documents.map(({ path, bytes }) => ({ path, bytes, cid: buildFile(bytes, sha256).cid }));
  const { statements } = await extractParagraphs({ question: QUESTION, maxStatements: STATEMENTS, documents: sources });
  const plain = (performance.now() - plainStart) / 1000;
  say(`  plain extraction of ${documents.length} documents: ${figure(plain)} s, ${statements.length} statements`);
  const out = await mkdtemp(join(tmpdir(), 'canswarm-bench-'));
  try {
    const outcome = await runBrief({
      folder: FOLDER,
      question: QUESTION,
      out,
      plant: 'none',
      worker: null,
      includeSources: false,
      maxStatements: STATEMENTS,
      signal: new AbortController().signal,
      onEvent: () => undefined,
    });
    const least = plain + outcome.windowsSeconds;
    return {
      'brief.seconds': figure(outcome.seconds),
      'brief.plainSeconds': figure(plain),
      'brief.windowsSeconds': figure(outcome.windowsSeconds),
      'brief.ratioToPlain': figure(outcome.seconds / least),
      // The limit: extraction and the waiting that the rules ask for, and nothing else.
      'brief.ratioToPlain.limit': 1,
      'brief.ratioToPlain.ratioToLimit': figure(outcome.seconds / least),
    };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}
