import type { Output, ProblemCode } from '@canswarm/api';
import { writeCar } from '@canswarm/content-fs';
import { basePolicy } from '@canswarm/policies';
import { capsuleToJson, cidOf, didOfKey, signCapsule, utf8 } from '@canswarm/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiHandlers } from '../../src/host/api/handler-types.ts';
import { apiHandlers } from '../../src/host/api/handlers.ts';
import { Problem } from '../../src/host/api/http/problem.ts';
import type { ApiLimits } from '../../src/host/api/serve-api.ts';
import { openPolicy } from '../../src/policy/open-policy.ts';
import { type Answered, type Asked, ask } from './ask.ts';
import { faultsOf, OPERATIONS_TOLD, type Told, waysOf } from './document-check.ts';
import { openElsewhere } from './elsewhere.ts';
import { BRIEF, Running } from './running.ts';

const FILE = 'any bytes';
const BYTES = 'application/octet-stream';

/** Work that nobody here can do: that it is posted is enough. */
const WORK = {
  skill: 'nobody-has-it',
  input: { text: 'to be' },
  files: [],
  goal: null,
  budget: 2_000_000,
  deadlineMs: null,
  inputSchema: { type: 'object' },
  outputSchema: { type: 'object', properties: { words: { type: 'integer' } }, required: ['words'] },
  verification: { checks: [], module: null, example: null },
  plan: null,
};

const SESSION = '0123456789abcdef'.repeat(2);
const heard = { heard: true } as const;
const JSON_TYPE = { 'content-type': 'application/json' };
const CID = `b${'a'.repeat(58)}`;
const DID = `did:key:z6Mk${'1'.repeat(44)}`;

async function* oneOfEach(): AsyncGenerator<SessionTold> {
  yield { type: 'job', id: null, data: { id: '1', deadlineMs: 1_000, job: { action: 'execute' } } };
  yield { type: 'news', id: null, data: { need: CID, event: { type: 'committed' } } };
  yield { type: 'withdraw', id: null, data: { id: '1', reason: 'late' } };
}

type SessionTold = NonNullable<Output<'sessionEvents'>> extends AsyncIterable<infer Event> ? Event : never;

const DISPUTED: Output<'challenge'> = {
  id: CID,
  needId: CID,
  subject: CID,
  class: 'wrong_output',
  challenger: DID,
  name: 'a',
  state: 'heard',
  reason: null,
  bond: 1,
  opensBy: null,
  answersBy: 1,
  appealBy: null,
  appealBond: null,
  appealTo: null,
  instances: [{ instance: 1, by: 'jury', appellant: null, seats: 9, votes: [], ruling: null, failed: null }],
};

/** Answers that a node gives only when agents take part, or a result is disputed; the test gives them in its place. */
const SAMPLES: Partial<ApiHandlers> = {
  workOutput: () => ({ value: { words: 2 }, files: [] }),
  attachAgent: () => ({
    session: SESSION,
    name: 'a',
    did: DID,
    org: 'o',
    node: 'n',
    network: CID,
    free: 1,
    stake: 0,
  }),
  updateAgent: () => heard,
  sessionEvents: () => oneOfEach(),
  jobProgress: () => heard,
  jobLine: () => heard,
  settleJob: () => heard,
  challenge: () => DISPUTED,
  openChallenge: () => DISPUTED,
  appealChallenge: () => DISPUTED,
  judgeChallenge: () => ({ id: CID, by: DID, challenge: CID, instance: 1, verdict: 'dismiss' }),
};

/** A node with a settled need, a plant and a stored file, and what names them. */
interface World {
  readonly running: Running;
  readonly need: string;
  readonly end: string;
  readonly file: string;
  readonly car: Uint8Array;
}

let world: World;

beforeAll(async () => {
  const running = await (await Running.found()).start();
  const client = running.client();
  const { needId } = await client.postBrief({ body: BRIEF, idempotencyKey: 'contract' });
  let end = '';
  for await (const event of client.needEvents({ id: needId })) end = event.id ?? end;
  await client.postPlant({ body: {} });
  const { cid: file } = await client.putFile({ body: utf8(FILE) });
  const block = { cid: cidOf(utf8('one'), 'raw', running.host.crypto.sha256), bytes: utf8('one') };
  world = { running, need: needId, end, file, car: writeCar([block.cid], [block]) };
}, 120_000);
afterAll(() => world.running.remove());

/** A request of each operation that succeeds. */
const GOOD: Readonly<Record<string, (world: World) => Omit<Asked, 'method'>>> = {
  health: () => ({ path: '/v1/health' }),
  openApi: () => ({ path: '/v1/openapi.json' }),
  status: () => ({ path: '/v1/status' }),
  reach: () => ({ path: '/v1/reach' }),
  invite: () => ({ path: '/v1/invitations' }),
  stop: () => ({ path: '/v1/stop' }),
  listNeeds: () => ({ path: '/v1/needs?limit=1' }),
  getNeed: ({ need }) => ({ path: `/v1/needs/${need.slice(-8)}` }),
  needEvents: ({ need }) => ({ path: `/v1/needs/${need}/events` }),
  needStory: ({ need }) => ({ path: `/v1/needs/${need}/story?limit=3` }),
  needOutlook: ({ need }) => ({ path: `/v1/needs/${need}/outlook` }),
  postBrief: () => ({
    path: '/v1/briefs',
    headers: { 'idempotency-key': 'contract', 'content-type': 'application/json' },
    body: JSON.stringify(BRIEF),
  }),
  postWork: () => ({
    path: '/v1/needs',
    headers: { 'idempotency-key': 'contract-work', 'content-type': 'application/json' },
    body: JSON.stringify(WORK),
  }),
  workOutput: ({ need }) => ({ path: `/v1/needs/${need}/output` }),
  cancelNeed: ({ need }) => ({ path: `/v1/needs/${need}/cancel` }),
  needResult: ({ need }) => ({ path: `/v1/needs/${need}/result` }),
  needResultFile: ({ need }) => ({ path: `/v1/needs/${need}/result/files/proof/genesis.cbor` }),
  findAgents: () => ({ path: '/v1/agents?query=brief' }),
  attachAgent: () => ({
    path: '/v1/agents',
    headers: JSON_TYPE,
    body: JSON.stringify({ manifest: {}, credits: null, stake: null }),
  }),
  updateAgent: () => ({
    path: `/v1/sessions/${SESSION}/manifest`,
    headers: JSON_TYPE,
    body: JSON.stringify({ manifest: {} }),
  }),
  sessionEvents: () => ({ path: `/v1/sessions/${SESSION}/events` }),
  jobProgress: () => ({
    path: `/v1/sessions/${SESSION}/jobs/1/progress`,
    headers: JSON_TYPE,
    body: JSON.stringify({ done: 1, total: 2, note: '' }),
  }),
  jobLine: () => ({
    path: `/v1/sessions/${SESSION}/jobs/1/lines`,
    headers: JSON_TYPE,
    body: JSON.stringify({ level: 'info', message: '' }),
  }),
  settleJob: () => ({
    path: `/v1/sessions/${SESSION}/jobs/1/outcome`,
    headers: JSON_TYPE,
    body: JSON.stringify({ result: null, failure: null }),
  }),
  auditLog: () => ({ path: '/v1/log' }),
  account: ({ running }) => ({ path: `/v1/accounts/${running.host.file.agents[0]?.did ?? ''}` }),
  pool: () => ({ path: '/v1/pool' }),
  challenges: () => ({ path: '/v1/challenges' }),
  challenge: () => ({ path: `/v1/challenges/${CID.slice(-8)}` }),
  openChallenge: ({ running }) => ({
    path: '/v1/challenges',
    headers: JSON_TYPE,
    body: JSON.stringify({
      by: running.host.file.agents.find(({ requester }) => requester)?.name ?? '',
      commit: CID,
      class: 'wrong_output',
      output: 0,
      key: '',
    }),
  }),
  appealChallenge: () => ({
    path: `/v1/challenges/${CID.slice(-8)}/appeals`,
    headers: JSON_TYPE,
    body: JSON.stringify({ by: 'a' }),
  }),
  judgeChallenge: () => ({
    path: `/v1/challenges/${CID.slice(-8)}/votes`,
    headers: JSON_TYPE,
    body: JSON.stringify({ by: 'a', verdict: 'dismiss', reasons: ['it is as it must be'] }),
  }),
  plants: () => ({ path: '/v1/plants' }),
  plant: () => ({ path: '/v1/plants/1' }),
  postPlant: () => ({ path: '/v1/plants', headers: JSON_TYPE, body: '{}' }),
  publishPolicy: ({ running }) => {
    const { capsule, wasm } = openPolicy(basePolicy);
    const { sign, publicKey } = running.host.crypto;
    const seed = new Uint8Array(32).fill(3);
    const author = { did: didOfKey(publicKey(seed)), sign: (message: Uint8Array) => sign(seed, message) };
    return {
      path: '/v1/policies',
      headers: JSON_TYPE,
      body: JSON.stringify({
        capsule: capsuleToJson(signCapsule(capsule, author)),
        engine: Buffer.from(wasm).toString('base64'),
      }),
    };
  },
  postEntry: ({ running }) => ({
    path: '/v1/entries',
    headers: JSON_TYPE,
    body: JSON.stringify({
      by: running.host.file.agents.find(({ requester }) => requester)?.name ?? '',
      say: { verb: 'TRANSFER', to: running.host.file.agents[0]?.did ?? '', amount: 1, create: false },
    }),
  }),
  putFile: () => ({ path: '/v1/files', headers: { 'content-type': BYTES }, body: FILE }),
  getFile: ({ file }) => ({ path: `/v1/files/${file}?size=${FILE.length}` }),
  getBlock: ({ file }) => ({ path: `/v1/blocks/${file}` }),
  putBlocks: ({ car }) => ({ path: '/v1/blocks', headers: { 'content-type': 'application/vnd.ipld.car' }, body: car }),
};

const good = (told: Told): Asked => {
  const make = GOOD[told.id];
  if (make === undefined) throw new Error(`there is no good request for ${told.id}: add one`);
  const asked = make(world);
  const headers = { authorization: `Bearer ${world.running.token}`, ...asked.headers };
  return { ...asked, method: told.method, headers };
};

/** How a good request is made to fail before its handler is asked. */
const SPOILED: Readonly<Partial<Record<ProblemCode, (asked: Asked) => Asked>>> = {
  malformed: (asked) => ({ ...asked, path: `${asked.path}${asked.path.includes('?') ? '&' : '?'}nothing=1` }),
  unauthorized: (asked) => ({ ...asked, headers: { ...asked.headers, authorization: 'Bearer another' } }),
  host_refused: (asked) => ({ ...asked, headers: { ...asked.headers, host: 'node.example:4100' } }),
  unsupported_media: (asked) => ({ ...asked, headers: { ...asked.headers, 'content-type': 'text/plain' } }),
  too_large: (asked) => ({ ...asked, headers: { ...asked.headers, 'content-length': '999999999' }, open: true }),
};

/** Asks a server of its own with other handlers, or stricter limits. */
async function askElsewhere(
  handlers: Partial<ApiHandlers>,
  asked: Asked,
  limits: Partial<ApiLimits>,
): Promise<Answered & { readonly defects: number }> {
  const server = await openElsewhere(handlers, limits, world.running.token);
  try {
    return { ...(await ask(server, asked)), defects: server.defects.length };
  } finally {
    await server.close();
  }
}

/** Asks a server whose handlers all fail with one error. */
function askFailing(error: Error, told: Told, limits: Partial<ApiLimits> = {}): ReturnType<typeof askElsewhere> {
  const fail = (): never => {
    throw error;
  };
  const handlers = Object.fromEntries(OPERATIONS_TOLD.map(({ id }) => [id, fail])) as unknown as ApiHandlers;
  return askElsewhere(handlers, good(told), limits);
}

it('notices an answer that is not as the document says', () => {
  const told = OPERATIONS_TOLD.find(({ id }) => id === 'health');
  if (told === undefined) throw new Error('the document tells of health');
  const headers = { 'content-type': 'application/json' };
  expect(faultsOf(told, { status: 200, headers, body: Buffer.from('{"ok":false}') })).not.toEqual([]);
  expect(
    faultsOf(told, { status: 200, headers: { 'content-type': 'text/plain' }, body: Buffer.from('ok') }),
  ).toHaveLength(1);
  expect(faultsOf(told, { status: 418, headers, body: Buffer.from('{}') })).toHaveLength(1);
  expect(
    faultsOf(told, { status: 400, headers, body: Buffer.from('{"code":"refused","message":"","hint":""}') }),
  ).toHaveLength(1);
});

describe.each(OPERATIONS_TOLD.map((told) => [told.id, told] as const))('%s', (_, told) => {
  it.each(waysOf(told))('is answered as the document says: %s', async (way) => {
    const [status = '', code] = way.split(' ') as [string, ProblemCode?];
    const answer = await answerOf(told, status, code);
    expect(faultsOf(told, answer)).toEqual([]);
    expect(`${answer.status}${code === undefined ? '' : ` ${codeIn(answer)}`}`).toBe(way);
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('tells nothing of an error that nobody foresaw', async () => {
    const answer = await askFailing(new Error(`a secret at ${import.meta.filename}`), told);
    expect(faultsOf(told, answer)).toEqual([]);
    expect(answer).toMatchObject({ status: 500, defects: 1 });
    expect(answer.body.toString()).not.toMatch(/secret|contract|\bat \//);
  });

  it('makes a defect of a failure that it does not name', async () => {
    const named = waysOf(told).map((way) => way.split(' ')[1]);
    const foreign = (['not_final', 'deadline', 'idempotency_conflict'] as const).find((one) => !named.includes(one));
    const answer = await askFailing(new Problem(foreign ?? 'deadline', 'it should not be told'), told);
    expect([answer.status, codeIn(answer)]).toEqual([500, 'defect']);
  });
});

const codeIn = ({ body }: Answered): string => (JSON.parse(body.toString()) as { readonly code: string }).code;

async function answerOf(told: Told, status: string, code: ProblemCode | undefined): Promise<Answered> {
  const { running, end } = world;
  if (code === undefined) {
    const asked = good(told);
    if (status === '204') return ask(running, { ...asked, headers: { ...asked.headers, 'last-event-id': end } });
    if (Object.hasOwn(SAMPLES, told.id)) return askElsewhere(SAMPLES, asked, {});
    if (told.id !== 'cancelNeed') return ask(running, asked);
    const { needId } = await running.client().postBrief({ body: BRIEF });
    return ask(running, { ...asked, path: `/v1/needs/${needId}/cancel` });
  }
  if (code === 'defect') return askFailing(new Error('nobody foresaw it'), told);
  if (code === 'too_many_requests')
    return askFailing(new Error('it is not reached'), told, { rate: { burst: 0, perSecond: 1 } });
  if (code === 'timeout') {
    const handlers = apiHandlers({ parts: running.host, address: () => null, onStop: () => undefined });
    const slow = { ...good(told), body: '', open: true };
    return askElsewhere(handlers, slow, { arrivalMs: 200 });
  }
  const spoil = SPOILED[code];
  return spoil === undefined
    ? askFailing(new Problem(code, 'so it is', 'do this'), told)
    : ask(running, spoil(good(told)));
}
