import { type FSWatcher, watch } from 'node:fs';
import { dirname, sep } from 'node:path';

/** How long nothing more must be saved before the code is looked at again, ms. */
const QUIET_MS = 150;
const LEFT_OUT: ReadonlySet<string> = new Set(['node_modules']);

/** Calls `onSave` after something beside a file, or below its folder, was saved. Gives what stops it. */
export function watchCode(file: string, onSave: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watcher: FSWatcher = watch(dirname(file), { recursive: true }, (_event, name) => {
    const steps = name?.split(sep) ?? [];
    if (steps.some((step) => step.startsWith('.') || LEFT_OUT.has(step))) return;
    clearTimeout(timer);
    timer = setTimeout(onSave, QUIET_MS);
  });
  // A folder that is removed is watched no more; the code that was loaded goes on.
  watcher.on('error', () => watcher.close());
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
