#!/usr/bin/env node
import { NODE_LEAST, nodeSuffices } from '../src/node-version.ts';

// An older Node lacks what the rest imports, and would only say which name it did not find.
if (nodeSuffices(process.versions.node)) {
  const { enableCompileCache } = await import('node:module');
  // Compiled code is kept in the temporary folder of the system: the second start takes half as long.
  enableCompileCache();
  const { runProcess } = await import('../src/process.ts');
  await runProcess();
} else {
  console.error(`error: this is Node ${process.versions.node}, and canswarm needs ${NODE_LEAST} or newer`);
  console.error('  Nothing was done.\n  Install it from https://nodejs.org');
  process.exitCode = 3;
}
