import { isIP } from 'node:net';

/** A value read, or what would have been one: `a whole number from 1 to 64`. */
export type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly due: string };

/** What can be set: its meaning, unit and default, and how its value is read. */
export interface Setting<T> {
  /** One clause for help and documentation. */
  readonly summary: string;
  /** What a value counts, such as `bytes`; null for what has no unit. */
  readonly unit: string | null;
  readonly fallback: T;
  /** What a value looks like, for help: `<number>`. */
  readonly argument: string;
  /** Reads what stands in the file. */
  read(value: unknown): Reading<T>;
  /** Reads a text from a flag, a variable or `config set`. */
  parse(text: string): Reading<T>;
  /** A value as people write it; `parse` takes it back. */
  show(value: unknown): string;
}

interface About<T> {
  readonly summary: string;
  readonly fallback: T;
}

const ok = <T>(value: T): Reading<T> => ({ ok: true, value });
const wants = (due: string): { readonly ok: false; readonly due: string } => ({ ok: false, due });

/** Text that passes a test. */
function text(about: About<string>, argument: string, due: string, passes: (text: string) => boolean): Setting<string> {
  const parse = (value: string): Reading<string> => (passes(value) ? ok(value) : wants(due));
  const read = (value: unknown): Reading<string> => (typeof value === 'string' ? parse(value) : wants(due));
  return { ...about, unit: null, argument, parse, read, show: String };
}

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

/** The name of a network. */
export const nameSetting = (about: About<string>): Setting<string> =>
  text(about, '<name>', 'a name of 1 to 32 of a-z, 0-9 and dash', (value) => NAME.test(value));

/** An IP address of this machine. */
export const addressSetting = (about: About<string>): Setting<string> =>
  text(about, '<ip>', 'an IPv4 or IPv6 address', (value) => isIP(value) !== 0);

/** A whole number within bounds. */
export function numberSetting(
  about: About<number> & { readonly unit: string | null; readonly least: number; readonly most: number },
): Setting<number> {
  const { least, most, ...rest } = about;
  const due = `a whole number from ${least} to ${most}`;
  const read = (value: unknown): Reading<number> =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most
      ? ok(value)
      : wants(due);
  const parse = (value: string): Reading<number> => read(/^[0-9]{1,15}$/.test(value) ? Number(value) : null);
  return { ...rest, argument: '<number>', read, parse, show: String };
}

const SIZE = /^([0-9]{1,15}) ?(B|KiB|MiB|GiB|TiB)?$/;
const UNITS: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

/** In the largest unit that says it exactly. */
function showBytes(value: unknown): string {
  const units = Object.entries(UNITS).reverse();
  const [unit, size] = units.find(([, one]) => Number(value) % one === 0) ?? ['B', 1];
  return `${Number(value) / size}${unit}`;
}

/** A number of bytes; as text also with a unit: `64 MiB`. */
export function bytesSetting(
  about: About<number> & { readonly least: number; readonly most: number },
): Setting<number> {
  const plain = numberSetting({ ...about, unit: 'bytes' });
  const parse = (value: string): Reading<number> => {
    const [, digits, unit = 'B'] = SIZE.exec(value) ?? [];
    const read = plain.read(digits === undefined ? null : Number(digits) * (UNITS[unit] ?? Number.NaN));
    return read.ok ? read : wants(`${read.due} bytes, such as 64MiB`);
  };
  return { ...plain, argument: '<bytes>', parse, show: showBytes };
}

/** On or off. */
export function switchSetting(about: About<boolean>): Setting<boolean> {
  const due = 'true or false';
  return {
    ...about,
    unit: null,
    argument: '<on|off>',
    read: (value) => (typeof value === 'boolean' ? ok(value) : wants(due)),
    parse(value) {
      if (['true', 'on', 'yes', '1'].includes(value)) return ok(true);
      return ['false', 'off', 'no', '0'].includes(value) ? ok(false) : wants('on or off');
    },
    show: (value) => (value === true ? 'on' : 'off'),
  };
}

/** One of a few words. */
export function choiceSetting<const W extends string>(
  about: About<NoInfer<W>> & { readonly words: readonly W[] },
): Setting<W> {
  const { words, ...rest } = about;
  const read = (value: unknown): Reading<W> => {
    const word = words.find((one) => one === value);
    return word === undefined ? wants(`one of ${words.join(', ')}`) : ok(word);
  };
  return { ...rest, unit: null, argument: `<${words.join('|')}>`, read, parse: read, show: String };
}

const ADDRESSES_MAX = 64;
const ADDRESS = /^(?:\/[A-Za-z0-9._:%~-]{1,128}){2,16}$/;

/** Multiaddrs; as text with commas between them. What each means is the transport's to say. */
export const multiaddrsSetting = (about: About<readonly string[]>): Setting<readonly string[]> =>
  listSetting(about, '<multiaddrs>', 'multiaddrs such as /ip4/192.0.2.1/tcp/4001/p2p/12D3Koo...', ADDRESS);

const ENDPOINT = /^https?:\/\/(?:[A-Za-z0-9.-]{1,253}|\[[0-9a-fA-F:.]{2,45}\]):[0-9]{1,5}$/;

/** Servers, each `http://host:port` or https. */
export const endpointsSetting = (about: About<readonly string[]>): Setting<readonly string[]> =>
  listSetting(about, '<urls>', 'addresses such as http://192.0.2.1:2379 or https://etcd-1.example:2379', ENDPOINT);

const FILE_LENGTH_MAX = 4_096;

/** The path of a file; none when it is empty. */
export const fileSetting = (about: About<string>): Setting<string> =>
  text(about, '<file>', 'the path of a file', (value) => value.length <= FILE_LENGTH_MAX && !value.includes('\0'));

/** A name that somebody else gives, such as that of a user; none when it is empty. */
export const userSetting = (about: About<string>): Setting<string> =>
  text(about, '<user>', 'a name of at most 256 printable characters', (value) => /^[^\p{C}]{0,256}$/u.test(value));

/** A list of words that fit a pattern. */
function listSetting(
  about: About<readonly string[]>,
  argument: string,
  what: string,
  one: RegExp,
): Setting<readonly string[]> {
  const due = `at most ${ADDRESSES_MAX} ${what}, with commas between them`;
  const read = (value: unknown): Reading<readonly string[]> => {
    if (!Array.isArray(value) || value.length > ADDRESSES_MAX) return wants(due);
    const addresses = value.filter((word): word is string => typeof word === 'string' && one.test(word));
    return addresses.length === value.length ? ok(addresses) : wants(due);
  };
  const words = (value: string): readonly string[] => value.split(',').map((word) => word.trim());
  return {
    ...about,
    unit: null,
    argument,
    read,
    parse: (value) => read(value.trim() === '' ? [] : words(value)),
    show: (value) => (Array.isArray(value) ? value.join(',') : ''),
  };
}
