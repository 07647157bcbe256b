import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CodeWatch } from '../../src/agent-process/code-watch.ts';

/** Longer than what a watch waits after a save. */
const QUIET_MS = 500;
const WAIT = { timeout: 10_000, interval: 25 };

let folder = '';
const at = (name: string): string => join(folder, name);
const closers: (() => void)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'canswarm-watch-'));
  for (const name of ['agent.ts', 'part.ts', 'other.ts', 'agent.log']) writeFileSync(at(name), '');
});
afterEach(() => {
  for (const close of closers.splice(0)) close();
  rmSync(folder, { recursive: true, force: true });
});

const onLost = (error: Error): never => {
  throw error;
};

/** A watch over an agent that imports `part.ts`, and how often it heard of a save. */
function watched() {
  const code = Object.fromEntries(
    ['agent.ts', 'part.ts'].map((name) => [pathToFileURL(at(name)).href, { format: 'module', source: '' }]),
  );
  const onSave = vi.fn();
  const watch = new CodeWatch(at('agent.ts'), code, { onSave, onLost });
  closers.push(() => watch.close());
  const heard = (times: number): Promise<void> =>
    vi.waitFor(() => expect(onSave.mock.calls.length).toBeGreaterThanOrEqual(times), WAIT);
  return { watch, onSave, heard, code };
}

/** Returns once a watch, made later over the same folder, has heard of a save made after all others. */
async function settled(): Promise<void> {
  writeFileSync(at('last.ts'), '');
  const onSave = vi.fn();
  const last = new CodeWatch(at('last.ts'), null, { onSave, onLost });
  closers.push(() => last.close());
  await vi.waitFor(
    () => {
      writeFileSync(at('last.ts'), 'saved');
      expect(onSave).toHaveBeenCalled();
    },
    { ...WAIT, interval: QUIET_MS },
  );
}

it('hears of the file and of what it imports', async () => {
  const { heard } = watched();
  writeFileSync(at('agent.ts'), 'export default 1;');
  await heard(1);
  writeFileSync(at('part.ts'), 'export default 1;');
  await heard(2);
});

it('hears neither of logs, its own or those of others, nor of code beside it that it does not import', async () => {
  const { onSave } = watched();
  appendFileSync(at('agent.log'), 'the saved code is taken up\n');
  writeFileSync(at('other.ts'), 'export default 1;');
  writeFileSync(at('result.json'), '{}');
  await settled();
  expect(onSave).not.toHaveBeenCalled();
});

it('hears of any module and of new files while the code is broken, and not of a log that is known', async () => {
  const { watch, onSave, heard, code } = watched();
  watch.broken();
  appendFileSync(at('agent.log'), 'it cannot be loaded\n');
  await settled();
  const before = onSave.mock.calls.length;
  writeFileSync(at('other.ts'), 'export default 1;');
  await heard(before + 1);
  watch.loaded(code);
  const after = onSave.mock.calls.length;
  appendFileSync(at('agent.log'), 'taken up\n');
  writeFileSync(at('other.ts'), 'export default 2;');
  await settled();
  expect(onSave.mock.calls.length).toBe(after);
});
