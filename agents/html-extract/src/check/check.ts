import { type CertificateCheck, canonicalJson, compareOutput, differenceOf, Faults } from '@canswarm/agent';
import type { JsonValue } from '@canswarm/ports';
import { CHECK } from '../rules.ts';
import { readAsked } from './asked.ts';
import { type DueFile, dueOf } from './due.ts';

/** Judges an extraction: finds the rows by itself, and holds value, files and places against what is due. */
export const check: CertificateCheck = {
  name: CHECK,
  async check({ input, output, signal }) {
    const asked = readAsked(input.value);
    if (typeof asked === 'string') return [`the input is no request: ${asked}; so no result is right`];
    const due = await dueOf(asked, input.files, signal);
    if (typeof due === 'string') return [`the input is no request: ${due}; so no result is right`];
    const faults = new Faults();
    compareOutput(output, { value: due.value, files: [...due.files.keys()] }, faults);
    for (const [name, file] of due.files) {
      signal.throwIfAborted();
      if (output.files.size(name) === undefined) continue;
      const fault = faultOf(file, await output.files.bytes(name));
      if (fault !== null) faults.add(`${name}: ${fault}`);
    }
    for (const doubt of due.doubts) faults.add(doubt);
    return faults.reasons;
  },
};

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
