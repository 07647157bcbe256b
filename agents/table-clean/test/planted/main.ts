/** Plants wrong results and prints what the check finds: `npm run planted -w agents/table-clean -- [HOW_MANY] [SEED] [--json]`. */
import { tellPlanted } from '@canswarm/agent-testing';
import { plantAll } from './plant-all.ts';
import { realTables } from './real-tables.ts';

const inputs = realTables().map(({ bytes }) => bytes);
process.exitCode = await tellPlanted(process.argv.slice(2), (count, seed) => plantAll(count, seed, inputs));
