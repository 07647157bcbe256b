import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { manifestOf } from '@canswarm/agent';
import { recordCode } from '../skills/code-snapshot.ts';
import { ownAgent } from '../skills/own-agent.ts';
import type { Described } from './describe.ts';

/* The entry of a thread that loads an agent once and says what it is. */

const say = (said: Described): void => parentPort?.postMessage(said);

try {
  const { engine }: { readonly engine: string } = workerData;
  const codeOf = engine.startsWith('file:') ? recordCode(engine) : () => null;
  const manifest = await manifestOf(await ownAgent(engine));
  say({ ok: true, manifest, code: codeOf() });
} catch (error) {
  say({ ok: false, message: error instanceof Error ? `${placeOf(error)}${error.message}` : String(error) });
}

/** File and line of code that cannot be parsed, which Node puts before the stack and not into the message; else nothing. */
function placeOf({ stack = '' }: Error): string {
  const [, url, line] = /^(file:\/\/[^\n]+):([0-9]+)\n/.exec(stack) ?? [];
  return url === undefined ? '' : `${fileURLToPath(url)}:${line}: `;
}
