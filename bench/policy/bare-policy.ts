import { type Global, type Memory, metered, webAssembly } from '@canswarm/wasm';

/** A policy with nothing around it: no image is set back, nothing is bounded. With meters, or without. */
export interface BarePolicy {
  decide(input: Uint8Array): string;
}

const PAGES = 256;
const FULL = 2 ** 31 - 1;
const encoder = new TextEncoder();

export function barePolicy(wasm: Uint8Array<ArrayBuffer>, parameters: Uint8Array, withMeters: boolean): BarePolicy {
  const bytes = withMeters ? meteredAsPoliciesAre(wasm) : wasm;
  const memory: Memory = new webAssembly.Memory({ initial: 16, maximum: PAGES });
  const unused = (): never => {
    throw new Error('the base policy calls nothing');
  };
  const builtins = Object.fromEntries([0, 1, 2, 3, 4].map((count) => [`opa_builtin${count}`, unused]));
  const { exports } = new webAssembly.Instance(new webAssembly.Module(bytes), {
    env: { memory, opa_abort: unused, ...builtins },
  });
  const calls = exports as Readonly<Record<string, (...values: readonly number[]) => number>>;
  const call = (name: string, ...values: readonly number[]): number => calls[name]?.(...values) ?? unused();
  const fuel = exports['fuel'] as Global | undefined;
  const stack = exports['stack'] as Global | undefined;
  const data = encoder.encode(`{"parameters":${new TextDecoder().decode(parameters)}}`);
  const at = call('opa_malloc', data.length);
  new Uint8Array(memory.buffer).set(data, at);
  const parsed = call('opa_json_parse', at, data.length);
  const heap = Math.ceil(call('opa_heap_ptr_get') / 16) * 16;
  return {
    decide(input) {
      if (fuel !== undefined) fuel.value = FULL;
      if (stack !== undefined) stack.value = FULL;
      new Uint8Array(memory.buffer).set(input, heap);
      const end = Math.ceil((heap + input.length) / 16) * 16;
      const start = call('opa_eval', 0, 0, parsed, heap, input.length, end, 0);
      const text = new Uint8Array(memory.buffer).subarray(start);
      return new TextDecoder().decode(text.subarray(0, text.indexOf(0)));
    },
  };
}

const meteredAsPoliciesAre = (wasm: Uint8Array): Uint8Array<ArrayBuffer> =>
  metered(wasm, {
    fuel: 'fuel',
    stack: 'stack',
    full: { fuel: FULL, stack: FULL },
    price: 'instructions',
    empty: null,
    grows: true,
    pages: { maximum: PAGES },
    globals: null,
  }).bytes;
