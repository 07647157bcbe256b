import fc from 'fast-check';

/**
 * Property tests take the same course on every run, so that a change is judged by what it changed. `FUZZ_SEED` names another course:
 * `FUZZ_SEED=$RANDOM npm test`.
 */
const DEFAULT_SEED = 20_260_101;
const given = Number(process.env['FUZZ_SEED'] ?? DEFAULT_SEED);
fc.configureGlobal({ seed: Number.isSafeInteger(given) ? given : DEFAULT_SEED });
