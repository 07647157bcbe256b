/** Plants wrong results and prints what the check finds: `npm run planted -w agents/licence-audit -- [HOW_MANY] [SEED] [--json]`. */
import { tellPlanted } from '@canswarm/agent-testing';
import { judgeHonest, measure } from './measure.ts';

process.exitCode = await tellPlanted(process.argv.slice(2), async (count, seed) => ({
  ...(await measure(count, seed)),
  ...(await judgeHonest()),
}));
