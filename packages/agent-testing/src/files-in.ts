import type { Bundle } from '@canswarm/agent';

/** Files of a bundle that lie in memory. */
export function filesIn(files: ReadonlyMap<string, Uint8Array>): Bundle['files'] {
  const bytes = async (name: string): Promise<Uint8Array> => {
    const held = files.get(name);
    if (held === undefined) throw new RangeError(`there is no file ${name}`);
    return held;
  };
  return {
    names: () => [...files.keys()],
    size: (name) => files.get(name)?.length,
    cid: () => undefined,
    bytes,
    text: async (name) => new TextDecoder().decode(await bytes(name)),
  };
}
