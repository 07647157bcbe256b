#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Compiled code is kept in the temporary folder of the system: the second start takes half as long. Missing before Node 22.8.
enableCompileCache?.();
const { runProcess } = await import('../src/process.ts');

await runProcess();
