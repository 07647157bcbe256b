import { type PolicyEngine, PolicyError } from '@canswarm/ports';
import { opaPolicy } from './opa-policy.ts';

/** Evaluates policies in the thread that asks: under a virtual clock nothing else would be one course of events. A policy may take its gas without a pause. */
export function inlineEngine(): PolicyEngine {
  let isClosed = false;
  const closed = (): PolicyError => new PolicyError('closed', 'the engine is closed');
  return {
    async load(program) {
      if (isClosed) throw closed();
      const policy = opaPolicy({ ...program, wasm: program.wasm.slice() });
      let isGone = false;
      return {
        async evaluate(input) {
          if (isGone || isClosed) throw closed();
          return policy.decide(input);
        },
        async close() {
          isGone = true;
        },
      };
    },
    async close() {
      isClosed = true;
    },
  };
}
