import type { JsonValue } from '@canswarm/ports';
import { utf8 } from '@canswarm/protocol';
import type { Example, Verification } from '../definition.ts';
import { jsonFault } from '../json.ts';
import { bundleModule } from './bundle-module.ts';
import { HireError } from './hire-error.ts';
import type { FileMap, VerificationTerms } from './work-desk.ts';

const BOUND_BPS = 9_000;

const NO_VERIFICATION: VerificationTerms = { checks: [], module: null, example: null };

/** What a verification says, ready to be pinned. Rejects with a HireError `invalid_terms`. */
export async function verificationTerms(verification: Verification | undefined): Promise<VerificationTerms> {
  if (verification === undefined) return NO_VERIFICATION;
  const { checks = [], module, example } = verification;
  const pinned =
    module === undefined
      ? null
      : {
          source: await bundleModule(module.file),
          mode: module.mode,
          boundBps: module.mode === 'bound' ? (module.boundBps ?? BOUND_BPS) : null,
        };
  return { checks, module: pinned, example: example === undefined ? null : exampleTerms(example) };
}

function exampleTerms({ input, output, files = {}, outputFiles = {} }: Example): VerificationTerms['example'] {
  for (const [what, value] of [
    ['input', input],
    ['output', output],
  ] as const) {
    const fault = jsonFault(value);
    if (fault !== null)
      throw new HireError('invalid_terms', `the ${what} of the example is no JSON: ${fault}`, 'Give plain values.');
  }
  return {
    input: input as JsonValue,
    output: output as JsonValue,
    files: fileMap(files),
    outputFiles: fileMap(outputFiles),
  };
}

/** Files given as bytes or text. */
export const fileMap = (files: Readonly<Record<string, Uint8Array | string>>): FileMap =>
  new Map(
    Object.entries(files).map(([name, content]) => [name, typeof content === 'string' ? utf8(content) : content]),
  );
