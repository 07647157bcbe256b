import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CodeWatch } from '../../src/agent-process/code-watch.ts';

const WAIT = { timeout: 10_000, interval: 25 };

let folder = '';
let log = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'canswarm-watch-'));
  writeFileSync(join(folder, 'agent.ts'), '');
  log = openSync(join(folder, 'agent.log'), 'a');
});
afterEach(() => {
  closeSync(log);
  rmSync(folder, { recursive: true, force: true });
});

const onLost = (error: Error): never => {
  throw error;
};

/**
 * Saves the agent, and once that was noticed writes a line in the log. Gives how many saves were noticed by the time that a watch
 * which leaves nothing out has noticed the line.
 */
async function savesOf(ownOutput: readonly number[]): Promise<number> {
  let saves = 0;
  const watched = new CodeWatch(join(folder, 'agent.ts'), { onSave: () => (saves += 1), onLost }, ownOutput);
  // Made later, and so the later of the two to hear of anything.
  let seen = 0;
  const all = new CodeWatch(join(folder, 'agent.ts'), { onSave: () => (seen += 1), onLost }, []);
  try {
    writeFileSync(join(folder, 'agent.ts'), 'export default 1;');
    await vi.waitFor(() => expect(Math.min(saves, seen)).toBeGreaterThanOrEqual(1), WAIT);
    writeSync(log, 'the saved code is taken up\n');
    await vi.waitFor(() => expect(seen).toBeGreaterThanOrEqual(2), WAIT);
    return saves;
  } finally {
    watched.close();
    all.close();
  }
}

it('hears of the code alone, not of the file into which its own process writes what it says', async () => {
  expect(await savesOf([log])).toBe(1);
});

it('hears of every other file beside the code', async () => {
  expect(await savesOf([])).toBeGreaterThanOrEqual(2);
});
