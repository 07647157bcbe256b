import { SANDBOX_FILES_BYTES_MAX, SANDBOX_VALUE_BYTES_MAX } from '@canswarm/ports';
import { utf8Length } from '@canswarm/protocol';
import type { Bundle } from '../bundle/bundle.ts';
import { canonicalJson } from '../json.ts';

/** What a sandbox takes is shared out evenly: what the requester gives never takes the room of what the worker gives. */
const SIDE_FILES_BYTES_MAX = SANDBOX_FILES_BYTES_MAX / 2;
/** Of a value as canonical JSON; less the few bytes around both. */
const SIDE_VALUE_BYTES_MAX = SANDBOX_VALUE_BYTES_MAX / 2 - 64;

/** A side of the work, as sandboxes know its files: `input/NAME` and `output/NAME`. */
type Side = 'input' | 'output';

const sandboxName = (side: Side, name: string): string => `${side}/${name}`;

/** Why one side of the work is more than a pinned module is given, or null. */
export function tooMuchForModule(side: Side, { value, files }: Bundle): string | null {
  const bytes = files
    .names()
    .reduce((sum, name) => sum + (files.size(name) ?? 0) + utf8Length(sandboxName(side, name)), 0);
  if (bytes > SIDE_FILES_BYTES_MAX)
    return `the ${side} has ${bytes} bytes of files and their names, and the pinned module takes ${SIDE_FILES_BYTES_MAX}`;
  const length = utf8Length(canonicalJson(value));
  return length > SIDE_VALUE_BYTES_MAX
    ? `the ${side} has a value of ${length} bytes as JSON, and the pinned module takes ${SIDE_VALUE_BYTES_MAX}`
    : null;
}

/** Files of the input as `input/NAME` and of the output as `output/NAME`. */
export async function gatherFiles({
  input,
  output,
}: {
  readonly input: Bundle;
  readonly output: Bundle;
}): Promise<ReadonlyMap<string, Uint8Array>> {
  const sides = [
    ['input', input.files],
    ['output', output.files],
  ] as const;
  const gathered = new Map<string, Uint8Array>();
  for (const [side, files] of sides)
    for (const name of files.names()) gathered.set(sandboxName(side, name), await files.bytes(name));
  return gathered;
}
