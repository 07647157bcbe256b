import type { Bundle } from '../bundle/bundle.ts';

/** Most bytes of files that a pinned module is given. */
export const FILES_IN_SANDBOX_MAX = 33_554_432;

/** Files of the input as `input/NAME` and of the output as `output/NAME`; undefined when they are too much for a sandbox. */
export async function gatherFiles({
  input,
  output,
}: {
  readonly input: Bundle;
  readonly output: Bundle;
}): Promise<ReadonlyMap<string, Uint8Array> | undefined> {
  const sides = [
    ['input', input.files],
    ['output', output.files],
  ] as const;
  const total = sides.reduce(
    (sum, [, files]) => files.names().reduce((part, name) => part + (files.size(name) ?? 0), sum),
    0,
  );
  if (total > FILES_IN_SANDBOX_MAX) return undefined;
  const gathered = new Map<string, Uint8Array>();
  for (const [side, files] of sides)
    for (const name of files.names()) gathered.set(`${side}/${name}`, await files.bytes(name));
  return gathered;
}
