import { policyEngineCompliance, realWorld } from '@canswarm/ports/compliance';
import { opaEngine } from '../src/index.ts';

policyEngineCompliance('opaEngine', () => {
  const engine = opaEngine();
  return { ...realWorld(() => engine.close()), engine };
});
