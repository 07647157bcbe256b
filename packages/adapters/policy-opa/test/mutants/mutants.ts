import { readFileSync } from 'node:fs';
import { PolicyError } from '@canswarm/ports';
import { opaPolicy } from '../../src/index.ts';

/** The policy that the suite of engines asks of, as OPA compiled it. */
const WHOLE = new Uint8Array(
  readFileSync(new URL('../../../../ports/src/compliance/policy-engine/suite.wasm', import.meta.url)),
);
const BYTES_MAX = 4;
const encoder = new TextEncoder();
const PROGRAM = {
  parameters: encoder.encode('{"word":"bond"}'),
  builtins: ['sprintf'],
  gas: 2_000_000,
  memoryBytes: 4_194_304,
};
const INPUT = encoder.encode('{"task":"echo","said":"hello","number":3}');

export interface Mutants {
  /** What became of them: refused, by code; decided, by the code of the first reason; `allowed` where there is none. */
  readonly ended: Readonly<Record<string, number>>;
  /** Errors that are no PolicyError, and decisions beyond their gas. */
  readonly faults: readonly string[];
  readonly worstMs: number;
}

/** Loads policies in which one to four bytes are others, and evaluates those that load. Same seed, same mutants. */
export function runMutants(count: number, seed: number, onEach?: (done: number) => void): Mutants {
  const below = randomBelow(seed);
  const ended: Record<string, number> = {};
  const faults: string[] = [];
  let worstMs = 0;
  for (let number = 0; number < count; number += 1) {
    const wasm = WHOLE.slice();
    for (let rest = 1 + below(BYTES_MAX); rest > 0; rest -= 1) wasm[below(wasm.length)] = below(256);
    const began = performance.now();
    const end = endOf(wasm);
    worstMs = Math.max(worstMs, performance.now() - began);
    if (end.fault) faults.push(`mutant ${number} of seed ${seed}: ${end.what}`);
    ended[end.what] = (ended[end.what] ?? 0) + 1;
    onEach?.(number + 1);
  }
  return { ended, faults, worstMs };
}

function endOf(wasm: Uint8Array): { readonly what: string; readonly fault: boolean } {
  try {
    const { allow, reasons, gasUsed } = opaPolicy({ ...PROGRAM, wasm }).decide(INPUT);
    if (gasUsed < 0 || gasUsed > PROGRAM.gas) return { what: `used ${gasUsed}`, fault: true };
    return { what: `${allow ? 'allowed' : 'denied'}: ${reasons[0]?.code ?? ''}`.slice(0, 60), fault: false };
  } catch (error) {
    if (error instanceof PolicyError) return { what: `refused: ${error.code}`, fault: false };
    return { what: String(error), fault: true };
  }
}

/** xorshift32. */
function randomBelow(seed: number): (limit: number) => number {
  let state = seed | 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}
