import { terminalText } from '@canswarm/brief';
import { Secret } from '../secret.ts';

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export const LOG_FORMATS = ['text', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** Facts of a line, by name. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Longest line in characters; a longer one keeps its message and says how long it was. */
const LINE_MAX = 16_384;
const TEXT_MAX = 4096;
const DEPTH_MAX = 4;
const ITEMS_MAX = 32;

const RESERVED = new Set(['time', 'level', 'message']);
/** Names under which nothing is ever printed, whatever stands there. */
const SECRET_NAME = /(?:passphrase|password|passwd|secret|private_?key|seed|mnemonic)$/i;

/** One line, with its end: a JSON object, or for people the time, level, message and `name=value` pairs. */
export function logLine(
  format: LogFormat,
  { time, level, message }: { readonly time: number; readonly level: LogLevel; readonly message: string },
  fields: LogFields,
): string {
  const facts = plainFields(fields);
  const head = { time: new Date(time).toISOString(), level, message: cut(message) };
  const line = format === 'json' ? JSON.stringify({ ...head, ...facts }) : textOf(head, facts);
  if (line.length <= LINE_MAX) return `${line}\n`;
  const short = { truncated: line.length };
  return `${format === 'json' ? JSON.stringify({ ...head, ...short }) : textOf(head, short)}\n`;
}

function textOf({ time, level, message }: Readonly<Record<string, string>>, facts: LogFields): string {
  const pairs = Object.entries(facts).map(([name, value]) => ` ${terminalText(name)}=${word(value)}`);
  return `${time} ${level?.padEnd(5)} ${terminalText(message ?? '')}${pairs.join('')}`;
}

/** A value as one word; text from elsewhere cannot act on a terminal or begin another line. */
function word(value: unknown): string {
  if (typeof value === 'string' && /^[A-Za-z0-9_./:@%+,-]+$/.test(value)) return value;
  return terminalText(JSON.stringify(value) ?? 'null');
}

function plainFields(fields: LogFields): LogFields {
  const pairs = Object.entries(fields).slice(0, ITEMS_MAX);
  return Object.fromEntries(
    pairs.map(([name, value]) => [RESERVED.has(name) ? `${name}_` : name, plain(name, value, 0)]),
  );
}

/** A value that JSON can say, bounded, without any secret: bytes are told by their number only. */
function plain(name: string, value: unknown, depth: number): unknown {
  if (value instanceof Secret) return '[secret]';
  if (SECRET_NAME.test(name) && value !== null && value !== undefined) return '[secret]';
  if (typeof value === 'string') return cut(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `${value.byteLength} bytes`;
  if (depth === DEPTH_MAX) return '…';
  if (value instanceof Error) return plainError(value, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no date' : value.toISOString();
  if (Array.isArray(value) || value instanceof Set)
    return [...value].slice(0, ITEMS_MAX).map((item) => plain('', item, depth + 1));
  const pairs = (value instanceof Map ? [...value] : Object.entries(value)).slice(0, ITEMS_MAX);
  return Object.fromEntries(pairs.map(([key, item]) => [String(key), plain(String(key), item, depth + 1)]));
}

function plainError(error: Error, depth: number): LogFields {
  const { name, message, cause } = error;
  const code = 'code' in error ? { code: plain('code', error.code, depth + 1) } : {};
  return {
    name,
    ...code,
    message: cut(message),
    ...(cause === undefined ? {} : { cause: plain('', cause, depth + 1) }),
  };
}

const cut = (text: string): string => {
  const whole = text.toWellFormed();
  return whole.length <= TEXT_MAX ? whole : `${whole.slice(0, TEXT_MAX)}…`;
};
