import { realWorld, sandboxCompliance } from '@canswarm/ports/compliance';
import { quickjsSandbox } from '../src/index.ts';

sandboxCompliance('quickjsSandbox', () => {
  const sandbox = quickjsSandbox();
  return { ...realWorld(() => sandbox.close(), { boundMs: 60_000 }), sandbox };
});
