import { policyEngineCompliance, realWorld } from '@canswarm/ports/compliance';
import { inlineEngine, opaEngine } from '../src/index.ts';

for (const make of [opaEngine, inlineEngine])
  policyEngineCompliance(make.name, () => {
    const engine = make();
    return { ...realWorld(() => engine.close()), engine };
  });
