import { createContext, Script } from 'node:vm';
import { type JsonValue, type Sandbox, SandboxError, type SandboxJob } from '@canswarm/ports';

/** Milliseconds that one unit of fuel buys here. */
const MS_PER_FUEL = 0.05;

/**
 * The sandbox port over `node:vm`, for tests: modules whose exports are functions with the word `export` at the beginning of a line.
 * Each job has a realm of its own without any function of Node. Fuel is wall time, and memory is not bounded.
 */
export function vmSandbox(): Sandbox {
  return {
    run: async (job, { fuel, deadlineMs }) => {
      const timeout = Math.ceil(Math.min(fuel * MS_PER_FUEL, deadlineMs));
      const context = createContext(
        { text: JSON.stringify(job.argument), raw: rawFiles(job) },
        { codeGeneration: { strings: false, wasm: false } },
      );
      return resultOf(runScript(scriptOf(job), context, timeout));
    },
    close: async () => undefined,
  };
}

const rawFiles = ({ files }: SandboxJob): object => ({
  names: () => [...files.keys()],
  bytes: (name: string) => files.get(name),
  text: (name: string) => new TextDecoder('utf-8', { fatal: true }).decode(files.get(name) ?? new Uint8Array()),
});

function scriptOf({ source, call }: SandboxJob): Script {
  const plain = source
    .replace(/^export default /gm, 'exported.default = ')
    .replace(/^export (function (\w+))/gm, 'exported.$2 = $1');
  const code = `(() => { 'use strict'; const exported = {};\n${plain}\n
    if (typeof exported[${JSON.stringify(call)}] !== 'function') return undefined;
    const result = exported[${JSON.stringify(call)}](JSON.parse(text), raw);
    return { json: result === undefined ? undefined : JSON.stringify(result) }; })()`;
  try {
    return new Script(code);
  } catch (error) {
    throw new SandboxError('source', String(error));
  }
}

function runScript(script: Script, context: object, timeout: number): unknown {
  try {
    return script.runInContext(context as ReturnType<typeof createContext>, { timeout });
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
    if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw new SandboxError('fuel', 'out of fuel');
    throw new SandboxError('threw', String(error));
  }
}

function resultOf(ran: unknown): JsonValue {
  if (typeof ran !== 'object' || ran === null) throw new SandboxError('source', 'there is no such function');
  const json = 'json' in ran ? ran.json : undefined;
  if (typeof json !== 'string') throw new SandboxError('result', 'no JSON value');
  return JSON.parse(json) as JsonValue;
}
