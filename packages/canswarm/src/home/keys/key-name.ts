import { HomeError } from '../home-error.ts';

const NAME = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/;
/** Names that Windows keeps for devices, whatever follows a dot. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/;

/** Throws `invalid` unless the text may name a key: it becomes the name of a file on any system. */
export function assertKeyName(name: string): void {
  if (NAME.test(name) && !DEVICE.test(name) && !name.includes('..')) return;
  throw new HomeError(
    'invalid',
    `${JSON.stringify(name.slice(0, 80))} cannot name a key`,
    'A name is 1 to 64 of a-z, 0-9, dot, dash and underscore, begins and ends with a letter or digit, and can be a file on every system.',
    'Choose another name, such as acme-worker-1.',
  );
}
