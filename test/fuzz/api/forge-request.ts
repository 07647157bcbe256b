import type { RandomStream } from '@canswarm/ports';

/** Texts as they are cut, half characters too. */
const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'utf8');

/** A request before it is written out. */
export interface Wanted {
  method: string;
  path: string;
  readonly query: [name: string, value: string][];
  readonly headers: [name: string, value: string][];
  body: Uint8Array | null;
}

/** Something that is done to a request to see what a node makes of it. */
export type Mutation = (wanted: Wanted, tools: RequestForge) => void;

const STRANGE: readonly string[] = [
  '',
  ' ',
  '0',
  '-1',
  '1e999',
  '9007199254740993',
  'NaN',
  'null',
  'true',
  '[]',
  '{}',
  '__proto__',
  'constructor',
  '../../../../etc/passwd',
  '..%2f..%2f..%2fetc%2fpasswd',
  '%00',
  '%',
  '%ff%fe',
  '%E0%A4%A',
  "';--",
  '$(id)',
  '\u0000',
  '\u202e\ufeff',
  '😀'.repeat(50),
  'a'.repeat(300),
  'a'.repeat(9_000),
  '\r\nX-Injected: 1',
];

const METHODS = [
  'GET',
  'POST',
  'PUT',
  'DELETE',
  'PATCH',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'get',
  'FOO',
  'GÉT',
  '',
];
const TYPES = [
  'application/json',
  'text/plain',
  'application/octet-stream',
  'application/json; charset=utf-16',
  'multipart/form-data; boundary=x',
  '',
  ';',
  'application/vnd.ipld.car',
];
const HEADERS: readonly (readonly [string, readonly string[]])[] = [
  [
    'Host',
    ['evil.example', '127.0.0.1:99999', '[', '', 'a b', '127.0.0.1@evil.example', 'localhost:0', '127.0.0.1/../x'],
  ],
  ['Authorization', ['Bearer', 'Bearer x', 'Basic eDp5', `Bearer ${'a'.repeat(8_000)}`, 'Bearer a b', '\u0000']],
  ['Content-Length', ['0', '1', '-1', '999999999999', '1, 2', 'x', '0x10', '18446744073709551616']],
  ['Transfer-Encoding', ['chunked', 'gzip', 'chunked, chunked', 'x', 'identity']],
  ['Content-Type', TYPES],
  ['Content-Encoding', ['gzip', 'br', 'identity', 'x']],
  ['Last-Event-ID', ['0.0', '1.0', '999999999999999.9', '1', '-1.0', '1.10', '\u0000', 'x'.repeat(5_000)]],
  ['Idempotency-Key', ['k', 'k k', '', 'k'.repeat(128), 'k'.repeat(129), 'ü', '\u0001']],
  ['Expect', ['100-continue', '200-ok', '']],
  ['Connection', ['close', 'keep-alive', 'upgrade', 'Content-Length']],
  ['Upgrade', ['websocket', 'h2c', 'x']],
  ['Accept', ['text/html', '', '*/*;q=x']],
  ['Range', ['bytes=0-1', 'bytes=-', 'x']],
  ['Origin', ['null', 'http://evil.example']],
  ['X-HTTP-Method-Override', ['DELETE', 'POST']],
  ['X-Forwarded-Host', ['evil.example']],
  ['Cookie', [`${'a=b; '.repeat(500)}`]],
];

/** Chance, and what follows from it, for those who make requests that nobody should. */
export class RequestForge {
  readonly #random: RandomStream;

  constructor(random: RandomStream) {
    this.#random = random;
  }

  below(limit: number): number {
    return this.#random.below(limit);
  }

  pick<T>(from: readonly T[]): T {
    const one = from[this.below(from.length)];
    if (one === undefined) throw new RangeError('there is nothing to pick from');
    return one;
  }

  strange(): string {
    return this.pick(STRANGE);
  }

  bytes(): Uint8Array {
    return this.#random.bytes(1 + this.below(this.pick([4, 64, 2_000])));
  }

  /** A text with one or a few of its characters changed, taken out, doubled or put in. */
  spoil(text: string): string {
    let spoilt = text;
    for (let times = 1 + this.below(3); times > 0; times -= 1) {
      const at = this.below(spoilt.length + 1);
      const [before, after] = [spoilt.slice(0, at), spoilt.slice(at)];
      const changes = [
        () => before + after.slice(1),
        () => before + String.fromCharCode(33 + this.below(94)) + after.slice(1),
        () => before + String.fromCharCode(this.below(256)) + after,
        () => before + before.slice(-8) + after,
        () => before + this.strange() + after,
      ];
      spoilt = this.pick(changes)();
    }
    return spoilt;
  }

  /** A JSON value with one part of it replaced, doubled, left out or made deep. */
  spoilJson(value: unknown): unknown {
    if (Array.isArray(value) || typeof value !== 'object' || value === null) return this.value();
    const entries = Object.entries(value);
    const at = this.below(entries.length + 1);
    const [name = this.strange(), inner] = entries[at] ?? [];
    if (this.below(4) === 0) entries.splice(at, 1);
    else entries[at] = [name, this.below(3) === 0 ? this.spoilJson(inner) : this.value()];
    return Object.fromEntries(entries);
  }

  value(): unknown {
    const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);
    const values: readonly (() => unknown)[] = [
      () => null,
      () => true,
      () => this.strange(),
      () => this.spoil('/tmp/folder'),
      () => this.below(1_000) - 500,
      () => this.below(1_000) / 7,
      () => 2 ** this.below(1_000),
      () => [],
      () => ({}),
      () => deep(this.below(200)),
      () => Array.from({ length: this.below(2_000) }, (_, index) => index),
      () => ({ toString: 'x', __proto__: { x: 1 }, length: -1 }),
    ];
    return this.pick(values)();
  }
}

/** Everything that is done to requests, by name. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  nothing: () => undefined,
  method(wanted, tools) {
    wanted.method = tools.pick(METHODS);
  },
  path(wanted, tools) {
    wanted.path = tools.spoil(wanted.path);
  },
  segment(wanted, tools) {
    const parts = wanted.path.split('/');
    parts[tools.below(parts.length)] = tools.strange();
    wanted.path = parts.join('/');
  },
  absolute(wanted, tools) {
    wanted.path = `${tools.pick(['http://evil.example', '//evil.example', 'http://', 'file://', 'http://127.0.0.1:1'])}${wanted.path}`;
  },
  query(wanted, tools) {
    const [name = 'limit'] = tools.pick([
      ...wanted.query,
      ['size'],
      ['deadlineMs'],
      ['cursor'],
      ['includeSources'],
      [tools.strange()],
    ]);
    wanted.query.push([name, tools.strange()]);
  },
  replaceQuery(wanted, tools) {
    const at = tools.below(wanted.query.length + 1);
    wanted.query[at] = [wanted.query[at]?.[0] ?? 'limit', tools.strange()];
  },
  header(wanted, tools) {
    const [name, values] = tools.pick(HEADERS);
    wanted.headers.push([name, tools.pick(values)]);
  },
  replaceHeader(wanted, tools) {
    const [name, values] = tools.pick(HEADERS);
    const at = wanted.headers.findIndex(([known]) => known.toLowerCase() === name.toLowerCase());
    wanted.headers[at < 0 ? wanted.headers.length : at] = [name, tools.pick(values)];
  },
  dropHeader(wanted, tools) {
    wanted.headers.splice(tools.below(wanted.headers.length + 1), 1);
  },
  manyHeaders(wanted, tools) {
    const count = tools.pick([70, 500, 3_000]);
    for (let index = 0; index < count; index += 1) wanted.headers.push([`X-${index}`, 'x']);
  },
  body(wanted, tools) {
    wanted.body = tools.bytes();
  },
  bodyText(wanted, tools) {
    wanted.body = bytesOf(tools.spoil(Buffer.from(wanted.body ?? bytesOf('{}')).toString('utf8')));
  },
  json(wanted, tools) {
    const text = Buffer.from(wanted.body ?? bytesOf('{}')).toString('utf8');
    try {
      wanted.body = bytesOf(JSON.stringify(tools.spoilJson(JSON.parse(text))));
    } catch {
      wanted.body = bytesOf(JSON.stringify(tools.value()));
    }
  },
  noBody(wanted) {
    wanted.body = null;
  },
  largeBody(wanted, tools) {
    wanted.body = new Uint8Array(tools.pick([70_000, 1_000_000])).fill(0x20 + tools.below(90));
  },
};

/** A request as it goes over the wire. A length is said unless a mutation says one, or chunks. */
export function writeOut({ method, path, query, headers, body }: Wanted): Uint8Array {
  const asked = query.map(([name, value]) => `${name}=${value}`).join('&');
  const said = new Set(headers.map(([name]) => name.toLowerCase()));
  const lengths =
    body === null || said.has('content-length') || said.has('transfer-encoding')
      ? []
      : [['Content-Length', String(body.length)]];
  const lines = [...headers, ...lengths].map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method} ${path}${asked === '' ? '' : `?${asked}`} HTTP/1.1\r\n${lines.join('')}\r\n`;
  return Buffer.concat([Buffer.from(head, 'utf8'), body ?? new Uint8Array()]);
}
