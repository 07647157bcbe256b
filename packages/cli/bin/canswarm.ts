#!/usr/bin/env node
import { runProcess } from '../src/process.ts';

await runProcess();
