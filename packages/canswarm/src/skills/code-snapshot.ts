import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Source of modules by URL, as it was when they were first loaded. */
export type CodeSnapshot = Readonly<Record<string, { readonly format: string; readonly source: string }>>;

/** Where an engine names the file of its snapshot. */
const CODE = 'code';

const bare = (url: string): string => url.split(/[?#]/u, 1)[0] ?? url;
const isModule = (format: string | null | undefined): format is string => format?.startsWith('module') === true;

/** Notes the source of every ES module below a file's folder that this thread loads from now on; gives what was noted. */
export function recordCode(file: string): () => CodeSnapshot {
  const folder = new URL('.', file).href;
  const noted: Record<string, { format: string; source: string }> = {};
  const hooks = registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      const own = url.startsWith(folder) && !url.slice(folder.length).includes('node_modules/');
      if (!own || !isModule(loaded.format)) return loaded;
      // Read once, so that what is noted is what runs.
      const source = readFileSync(fileURLToPath(bare(url)), 'utf8');
      noted[bare(url)] = { format: loaded.format, source };
      return { ...loaded, source };
    },
  });
  return () => {
    hooks.deregister();
    return noted;
  };
}

/** The engine of a file whose code is taken from a snapshot, whatever was saved since. */
export function snapshotEngine(file: string, snapshotPath: string): string {
  const url = new URL(file);
  url.searchParams.set(CODE, snapshotPath);
  return url.href;
}

/** Has this thread load what an engine's snapshot holds from there. Does nothing for an engine without one. */
export function loadFromSnapshot(engine: string): void {
  const path = new URL(engine).searchParams.get(CODE);
  if (path === null) return;
  const snapshot = JSON.parse(readFileSync(path, 'utf8')) as CodeSnapshot;
  registerHooks({
    load(url, context, next) {
      const kept = Object.hasOwn(snapshot, bare(url)) ? snapshot[bare(url)] : undefined;
      return kept === undefined ? next(url, context) : { ...kept, shortCircuit: true };
    },
  });
}
