/**
 * Loaded into a node's process before its own code: the log that it opens is the real one, and what passes is recorded; its clock can be
 * set wrong from outside.
 */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { CLOCK_FILE, CLOCK_SIGNAL } from './variables.ts';

const RECORDED = new URL('./recorded-log.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === '@canswarm/log-etcd' && context.parentURL !== RECORDED)
      return { url: RECORDED, shortCircuit: true };
    return next(specifier, context);
  },
});

const rightNow = Date.now.bind(Date);
let shiftMs = 0;
Date.now = () => rightNow() + shiftMs;
process.on(CLOCK_SIGNAL, () => {
  shiftMs = Number(readFileSync(process.env[CLOCK_FILE] ?? '', 'utf8'));
});
