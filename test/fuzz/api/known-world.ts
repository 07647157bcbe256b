import { loadTable } from '@canswarm/api';
import { writeCar } from '@canswarm/content-fs';
import { cidOf, utf8 } from '@canswarm/protocol';
import { localCrypto } from 'canswarm';
import type { RequestForge, Wanted } from './forge-request.ts';

/** What exists at a node, so that requests get as far as they can. */
export interface KnownWorld {
  /** A need whose last seat is paid. */
  readonly need: string;
  readonly file: { readonly cid: string; readonly size: number };
  /** A verifier of the node. */
  readonly verifier: string;
  readonly token: string;
  /** A folder without documents: no brief is posted by accident. */
  readonly folder: string;
}

const { OPERATION_IDS, operationOf } = await loadTable();

/** Operations that are thrown at a node: all but the one that ends it. */
const IDS = OPERATION_IDS.filter((id) => id !== 'stop');

/** A request that is as it should be, of any operation. */
export function soundRequest(world: KnownWorld, tools: RequestForge): Wanted {
  const { method, path, query = {}, body, headers = {} } = operationOf(tools.pick(IDS));
  const wanted: Wanted = {
    method,
    path: filled(path, world, tools),
    query: [],
    headers: [
      ['Host', '127.0.0.1'],
      ['Authorization', `Bearer ${world.token}`],
    ],
    body: null,
  };
  for (const name of Object.keys(query)) {
    const value = soundValue(name, world, tools);
    if (name === 'size' || tools.below(2) === 0) wanted.query.push([name, value]);
  }
  if ('last-event-id' in headers && tools.below(2) === 0)
    wanted.headers.push(['Last-Event-ID', `${tools.below(20)}.0`]);
  if ('idempotency-key' in headers) wanted.headers.push(['Idempotency-Key', `key-${tools.below(50)}`]);
  if (body === undefined) return wanted;
  wanted.headers.push(['Content-Type', body.kind === 'json' ? 'application/json' : body.mediaType]);
  wanted.body = bodyOf(path, world, tools);
  return wanted;
}

const filled = (path: string, { need, file, verifier }: KnownWorld, tools: RequestForge): string =>
  path
    .replace('{id}', tools.pick([need, need.slice(-8)]))
    .replace('{session}', 'f'.repeat(32))
    .replace('{cid}', file.cid)
    .replace('{did}', verifier)
    .replace(
      '{name}',
      tools.pick(['brief.md', 'result.json', 'proof/genesis.cbor', 'proof/audit.jsonl', 'proof/artifacts.car']),
    );

function soundValue(name: string, { file }: KnownWorld, tools: RequestForge): string {
  switch (name) {
    case 'size':
      return String(file.size);
    case 'deadlineMs':
      // Long enough for any disk, and longer than whoever throws waits.
      return String(20_000 + tools.below(20_000));
    case 'includeSources':
      return tools.pick(['true', 'false']);
    default:
      return String(1 + tools.below(100));
  }
}

function bodyOf(path: string, { folder, file, verifier }: KnownWorld, tools: RequestForge): Uint8Array {
  if (path === '/v1/entries')
    return utf8(JSON.stringify({ by: verifier, say: tools.pick(sayings(verifier, file.cid)) }));
  if (path.startsWith('/v1/challenges')) return utf8(JSON.stringify(challenging(path, verifier, file.cid)));
  if (path === '/v1/briefs') {
    const amounts = { maxStatements: 1 + tools.below(64), priceCap: 1_000_000, seatFee: 100_000 };
    return utf8(JSON.stringify({ folder, question: 'What is it?', ...amounts }));
  }
  if (path === '/v1/needs') return Buffer.from(JSON.stringify(workOf(tools)));
  const agents = AGENT_BODIES.find(([end]) => path.endsWith(end));
  if (agents !== undefined) return Buffer.from(JSON.stringify(agents[1]));
  if (path === '/v1/files') return tools.bytes();
  const bytes = tools.bytes();
  const cid = cidOf(bytes, 'raw', localCrypto().sha256);
  return writeCar([cid], [{ cid, bytes }]);
}

/** Entries that move little or nothing: the node goes on as it was. */
const sayings = (verifier: string, cid: string): readonly object[] => [
  { verb: 'TRANSFER', to: verifier, amount: 1_000_000_000, create: false },
  { verb: 'ESCROW', to: verifier, amount: 1_000_000_000, periodMs: 1_000, create: false },
  { verb: 'SETTLE', escrow: cid, amount: 0 },
  { verb: 'UNBOND', amount: 1 },
  { verb: 'WITHDRAW', unbonding: cid },
];

/** What is said against results, or of that: there are none that could be challenged. */
function challenging(path: string, by: string, commit: string): object {
  if (path.endsWith('/appeals')) return { by };
  if (path.endsWith('/votes')) return { by, verdict: 'dismiss', reasons: [] };
  return { by, commit, class: 'wrong_output', output: 0, key: '' };
}

/** What agents' processes say, by the ends of paths; of no session that there is. */
const AGENT_BODIES: readonly (readonly [string, object])[] = [
  ['/v1/agents', { manifest: { name: 'a', skills: [] }, credits: null, stake: null }],
  ['/manifest', { manifest: { name: 'a', skills: [] } }],
  ['/progress', { done: 1, total: 2, note: 'half' }],
  ['/lines', { level: 'info', message: 'a line' }],
  ['/outcome', { result: null, failure: { code: 'threw', message: 'so it is' } }],
];

/** Work of which the money is not there: it is prepared, and no need is posted by accident. */
const workOf = (tools: RequestForge): object => ({
  skill: 'nobody-has-it',
  input: { text: tools.strange() },
  files: [],
  goal: null,
  budget: 1e15,
  deadlineMs: null,
  inputSchema: { type: 'object', properties: { text: { type: 'string' } } },
  outputSchema: { type: 'object' },
  verification: { checks: [], module: null, example: null },
  plan: null,
});
