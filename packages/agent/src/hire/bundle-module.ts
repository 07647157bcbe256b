import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { HireError } from './hire-error.ts';

const SOURCE_BYTES_MAX = 1_048_576;

/**
 * Makes of a file, and of all it imports, one ES module that imports nothing, for seats to run in a sandbox. TypeScript is taken as it
 * is. Rejects with a HireError `invalid_terms` that says what cannot be built, such as an import of `node:fs`.
 */
export async function bundleModule(file: string | URL): Promise<string> {
  const path = file instanceof URL || file.startsWith('file:') ? fileURLToPath(file) : file;
  const { rolldown } = await import('rolldown');
  try {
    const bundle = await rolldown({
      input: path,
      platform: 'neutral',
      resolve: { mainFields: ['module', 'main'] },
      experimental: { attachDebugInfo: 'none' },
      onLog: () => undefined,
    });
    const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
    await bundle.close();
    const [{ imports, dynamicImports }] = output;
    const outside = [...imports, ...dynamicImports];
    if (outside.length > 0) throw new Error(`it imports ${outside.join(', ')}`);
    const source = output.length === 1 && output[0].type === 'chunk' ? output[0].code : '';
    if (source === '') throw new Error('it makes more than one module, or none');
    if (Buffer.byteLength(source) <= SOURCE_BYTES_MAX) return source;
    throw new Error(`it has more than ${SOURCE_BYTES_MAX} bytes with all it imports`);
  } catch (error) {
    const hint =
      'A pinned module runs where there are no files, no network and no Node: it may import only plain JavaScript.';
    const what = plainWords(error);
    throw new HireError('invalid_terms', `the module ${path} cannot be built: ${what}`, hint, { cause: error });
  }
}

/** The first lines of what the bundler says, without its colours and drawings. */
function plainWords(error: unknown): string {
  const text = stripVTControlCharacters(error instanceof Error ? error.message : String(error));
  return (
    text
      .split(/\n\s*[╭│]/u, 1)[0]
      ?.replaceAll(/\s*\n+\s*/g, ' ')
      .trim() ?? text
  );
}
