import { existsSync, readFileSync } from 'node:fs';

/** Where package.json stands: beside `src` here; one folder above in the published package, which carries the command. */
const places = ['../package.json', '../../package.json'].map((path) => new URL(path, import.meta.url));

const manifest: unknown = JSON.parse(readFileSync(places.find((place) => existsSync(place)) ?? '', 'utf8'));

/** The version of this package, as its package.json says. */
export const VERSION: string =
  typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '';
