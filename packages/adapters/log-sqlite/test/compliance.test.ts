import { join } from 'node:path';
import type { DecisionLog } from '@canswarm/ports';
import { decisionLogCompliance, realWorld } from '@canswarm/ports/compliance';
import { sqliteLog } from '../src/index.ts';
import { temporaryFolder } from './folder.ts';

decisionLogCompliance('sqliteLog', () => {
  const { dir, remove } = temporaryFolder();
  const opened: DecisionLog[] = [];
  const open = (): DecisionLog => {
    const log = sqliteLog({ path: join(dir, 'inner', 'log.sqlite'), pollMs: 5 });
    opened.push(log);
    return log;
  };
  const dispose = async (): Promise<void> => {
    await Promise.all(opened.map((log) => log.close()));
    await remove();
  };
  return { ...realWorld(dispose), log: open(), second: async () => open(), reopen: async () => open() };
});
