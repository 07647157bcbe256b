import { type CertificateCheck, type CheckedWork, canonicalJson } from '@canswarm/agent';
import type { JsonValue } from '@canswarm/ports';
import { CHECK } from '../rules.ts';
import { readAsked } from './asked.ts';
import { differenceOf } from './difference.ts';
import { type DueFile, dueOf } from './due.ts';

const REASONS_MAX = 8;

/** Judges an extraction: finds the rows by itself, and holds value, files and places against what is due. */
export const check: CertificateCheck = {
  name: CHECK,
  async check(work) {
    const reasons: string[] = [];
    for await (const reason of faultsOf(work)) {
      reasons.push(reason);
      if (reasons.length === REASONS_MAX) break;
    }
    return reasons;
  },
};

async function* faultsOf({ input, output, signal }: CheckedWork): AsyncGenerator<string> {
  const asked = readAsked(input.value);
  if (typeof asked === 'string') return yield `the input is no request: ${asked}; so no result is right`;
  const due = await dueOf(asked, input.files, signal);
  if (typeof due === 'string') return yield `the input is no request: ${due}; so no result is right`;
  const difference = differenceOf(due.value, output.value);
  if (difference !== null) yield `value: ${difference}`;
  for (const [name, file] of due.files) {
    signal.throwIfAborted();
    if (output.files.size(name) === undefined) yield `the file ${name} is missing`;
    else {
      const fault = faultOf(file, await output.files.bytes(name));
      if (fault !== null) yield `${name}: ${fault}`;
    }
  }
  for (const name of output.files.names())
    if (!due.files.has(name)) yield `the file ${JSON.stringify(name.slice(0, 60))} is not to be there`;
  if (output.citations.length > 0) yield 'there are to be no citations';
  yield* due.doubts;
}

function faultOf(due: DueFile, bytes: Uint8Array): string | null {
  const wanted = typeof due === 'string' ? due : canonicalJson(due.json as JsonValue);
  if (Buffer.compare(Buffer.from(wanted), bytes) === 0) return null;
  const text = Buffer.from(bytes).toString();
  if (typeof due !== 'string') {
    try {
      const difference = differenceOf(due.json, JSON.parse(text));
      return difference ?? 'it is not in the canonical form of JSON';
    } catch {
      return 'it is no JSON';
    }
  }
  const [lines, told] = [due.split('\r\n'), text.split('\r\n')];
  const at = lines.findIndex((line, index) => line !== told[index]);
  return at === -1 ? 'it goes on after its end' : `line ${at + 1} is to be ${(lines[at] ?? '').slice(0, 80)}`;
}
