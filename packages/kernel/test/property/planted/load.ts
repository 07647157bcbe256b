import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import type { Law } from '../../world.ts';
import type { Planted } from './planted.ts';
import { edited } from './source.ts';

const SOURCES = new URL('../../../src/', import.meta.url).href;

/** The law with a bug: every source is loaded once more, in memory and under an address of its own. Needs plain Node. */
export async function plantedLaw(planted: Planted): Promise<Law> {
  const mark = `?planted=${planted.id}`;
  const seen = new Set<string>();
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const inside = context.parentURL?.endsWith(mark) === true && resolved.url.startsWith(SOURCES);
      return inside && !resolved.url.endsWith(mark) ? { ...resolved, url: resolved.url + mark } : resolved;
    },
    load(url, context, next) {
      if (!url.endsWith(mark)) return next(url, context);
      const file = url.slice(SOURCES.length, -mark.length);
      seen.add(file);
      const source = edited(planted, file, readFileSync(new URL(file, SOURCES), 'utf8'));
      return { format: 'module', shortCircuit: true, source: stripTypeScriptTypes(source) };
    },
  });
  try {
    const law = (await import(`${SOURCES}index.ts${mark}`)) as Law;
    const missing = planted.edits.find(({ file }) => !seen.has(file));
    if (missing !== undefined) throw new Error(`${planted.id}: the law does not load src/${missing.file}`);
    return { apply: law.apply, createState: law.createState };
  } finally {
    hooks.deregister();
  }
}
