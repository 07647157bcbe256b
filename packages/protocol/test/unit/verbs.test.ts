import { describe, expect, test } from 'vitest';
import {
  type DagMap,
  type DagValue,
  decodeCbor,
  encodeBody,
  encodeCbor,
  encodePayload,
  equalBytes,
  isMap,
  Link,
  type Payload,
  ProtocolError,
  parsePayload,
  VERBS,
  type Verb,
} from '../../src/index.ts';
import { ALICE, ALL_VERBS, BOB, bytes32, cidOfText, NEED_ID, samplePayload } from '../support/samples.ts';

/** The payload as a value that tests may bend. */
function fieldsOf(payload: Payload): Record<string, DagValue> {
  const decoded = decodeCbor(encodePayload(payload));
  if (!decoded.ok || !isMap(decoded.value)) throw new Error('a sample decodes');
  return { ...decoded.value };
}

const refusal = (value: DagValue) => {
  const parsed = parsePayload(encodeCbor(value));
  return parsed.ok ? 'accepted' : `${parsed.code} ${parsed.path}`;
};

/** The sample of a verb with one field, named by a path such as body.windows.bidMs, set or (undefined) left out. */
function bend(verb: Verb, path: string, to: DagValue | undefined): DagValue {
  const steps = path.split('.');
  const walk = (value: DagValue, depth: number): DagValue => {
    const step = steps[depth] ?? '';
    if (Array.isArray(value))
      return value.map((item: DagValue, index) =>
        String(index) !== step ? item : depth + 1 === steps.length ? (to ?? null) : walk(item, depth + 1),
      );
    const map: Record<string, DagValue> = { ...(value as DagMap) };
    if (depth + 1 < steps.length) map[step] = walk(map[step] ?? null, depth + 1);
    else if (to === undefined) delete map[step];
    else map[step] = to;
    return map;
  };
  return walk(fieldsOf(samplePayload(verb)), 0);
}

test('there are thirteen gossip verbs and twenty-nine log verbs, threaded as the contract says', () => {
  const of = (test: (verb: Verb) => boolean) => ALL_VERBS.filter(test).sort();
  expect(of((verb) => VERBS[verb].plane === 'gossip')).toEqual([
    'ALTERNATE',
    'ATTEST',
    'ATTEST_PLAN',
    'ATTEST_STATE',
    'HEARTBEAT',
    'JUDGE',
    'MISS',
    'OPEN_CAP',
    'PROPOSE',
    'REJECT',
    'REPORT',
    'SEAL',
    'SEAL_BID',
  ]);
  expect(of((verb) => VERBS[verb].plane === 'log')).toHaveLength(31);
  expect(of((verb) => !VERBS[verb].threaded)).toEqual([
    'ATTEST_STATE',
    'CONFORM',
    'DELEGATE',
    'ESCROW',
    'JOIN',
    'LEAVE',
    'MINT',
    'NEED',
    'POLICY',
    'REPORT',
    'RESTART',
    'SETTLE',
    'STAKE',
    'SUSPEND',
    'TICK',
    'TRANSFER',
    'UNBOND',
    'WITHDRAW',
  ]);
  expect(of((verb) => VERBS[verb].evidence !== 'none')).toEqual([
    'CERTIFY',
    'CHALLENGE',
    'CONFORM',
    'DECIDE',
    'DISMISS',
    'INVALIDATE',
    'POLICY',
    'RECONCILE',
    'RELEASE',
    'RESTART',
    'SUSPEND',
    'TICK',
  ]);
});

describe.each(ALL_VERBS)('%s', (verb) => {
  test('what is encoded is what is parsed', () => {
    const payload = samplePayload(verb);
    const parsed = parsePayload(encodePayload(payload));
    expect(parsed).toEqual({ ok: true, value: payload });
  });

  test('a field too many or too few, in payload or body, is refused', () => {
    const value = fieldsOf(samplePayload(verb));
    const body = value['body'];
    if (!isMap(body ?? null)) throw new Error('a body is a map');
    expect(refusal({ ...value, extra: 1 })).toBe('unknown_field extra');
    expect(refusal({ ...value, body: { ...(body as DagMap), extra: 1 } })).toBe('unknown_field body.extra');
    for (const key of Object.keys(value)) {
      const { [key]: _left, ...rest } = value;
      expect(refusal(rest)).toBe(`lacking_field ${key}`);
    }
    for (const key of Object.keys(body as DagMap)) {
      const { [key]: _left, ...rest } = body as DagMap;
      expect(refusal({ ...value, body: rest })).toBe(`lacking_field body.${key}`);
    }
  });

  test('thread and evidence are as the verb demands', () => {
    const value = fieldsOf(samplePayload(verb));
    const { threaded, evidence } = VERBS[verb];
    const other = threaded ? null : (fieldsOf(samplePayload('CANCEL'))['thread'] ?? null);
    expect(refusal({ ...value, thread: other })).toBe('thread_mismatch thread');
    expect(refusal({ ...value, evidence: null })).toBe(
      evidence === 'required' ? 'evidence_required evidence' : 'accepted',
    );
    expect(refusal({ ...value, evidence: bytes32(1) })).toBe(
      evidence === 'none' ? 'evidence_not_allowed evidence' : 'accepted',
    );
  });
});

test('limits of fields hold on both sides', () => {
  const cases: readonly (readonly [verb: Verb, path: string, to: DagValue | undefined, expected: string])[] = [
    ['NEED', 'v', 2, 'wrong_value v'],
    ['NEED', 'v', '1', 'wrong_type v'],
    ['NEED', 'verb', 'CONSTRUCTOR', 'unknown_verb verb'],
    ['NEED', 'verb', 'constructor', 'unknown_verb verb'],
    ['NEED', 'policy', 0, 'wrong_type policy'],
    ['NEED', 'from', 'did:key:z6Mk', 'bad_did from'],
    ['NEED', 'lamport', -1, 'out_of_range lamport'],
    ['NEED', 'head.digest', new Uint8Array(31), 'too_short head.digest'],
    ['NEED', 'head.digest', new Uint8Array(33), 'too_long head.digest'],
    ['NEED', 'network', 'bafy', 'wrong_type network'],
    ['NEED', 'refs', Array.from({ length: 17 }, () => null), 'too_long refs'],
    ['NEED', 'refs', [1], 'wrong_type refs.0'],
    ['NEED', 'body.skill', '', 'too_short body.skill'],
    ['NEED', 'body.skill', 'é'.repeat(64), 'accepted'],
    ['NEED', 'body.skill', 'é'.repeat(65), 'too_long body.skill'],
    ['NEED', 'body.goal', '', 'accepted'],
    ['NEED', 'body.goal', null, 'accepted'],
    ['NEED', 'body.goal', 'x'.repeat(4097), 'too_long body.goal'],
    ['NEED', 'body.inputs', [], 'too_short body.inputs'],
    ['NEED', 'body.inputs.0.leaves', 0, 'out_of_range body.inputs.0.leaves'],
    ['NEED', 'body.priceCap', 0, 'out_of_range body.priceCap'],
    ['NEED', 'body.priceCap', Number.MAX_SAFE_INTEGER, 'accepted'],
    ['NEED', 'body.seatFee', 0, 'out_of_range body.seatFee'],
    ['NEED', 'body.scoring.priceBps', 7001, 'wrong_value body.scoring'],
    ['NEED', 'body.windows.bidMs', 0, 'out_of_range body.windows.bidMs'],
    ['NEED', 'body.class', 'c'.repeat(65), 'too_long body.class'],
    ['NEED', 'body.tier', 0, 'out_of_range body.tier'],
    ['NEED', 'body.tier', 7, 'out_of_range body.tier'],
    ['SEAL', 'body.seal', bytes32(0).subarray(1), 'too_short body.seal'],
    ['ATTEST', 'body.salt', new Uint8Array(31), 'too_short body.salt'],
    ['ATTEST', 'body.steps', [], 'too_short body.steps'],
    ['ATTEST', 'body.steps.3', new Uint8Array(0), 'too_short body.steps.3'],
    ['REJECT', 'body.verdict', 'pass', 'wrong_value body.verdict'],
    ['REJECT', 'body.reasons', [], 'too_short body.reasons'],
    ['REJECT', 'body.reasons.0', 'x'.repeat(257), 'too_long body.reasons.0'],
    ['ATTEST_PLAN', 'body.bidsSeen', [], 'wrong_value body.bidsSeen.0'],
    ['CHALLENGE', 'body.class', 'wrong_output', 'accepted'],
    ['CHALLENGE', 'body.class', 'wrong', 'wrong_value body.class'],
    ['JUDGE', 'body.verdict', 'undecidable', 'accepted'],
    ['JUDGE', 'body.verdict', 'pass', 'wrong_value body.verdict'],
    ['JUDGE', 'body.reasons', [], 'accepted'],
    ['JUDGE', 'body.reasons', Array.from({ length: 9 }, () => 'no'), 'too_long body.reasons'],
    ['INVALIDATE', 'body.challenge', null, 'wrong_type body.challenge'],
    ['APPEAL', 'body.commit', null, 'wrong_type body.commit'],
    ['CHALLENGE', 'body.opening', null, 'accepted'],
    ['CHALLENGE', 'body.opening.claim.key', 'k'.repeat(1025), 'too_long body.opening.claim.key'],
    ['CHALLENGE', 'body.opening.claim.step', 16, 'out_of_range body.opening.claim.step'],
    ['MINT', 'body.create', 1, 'wrong_type body.create'],
    ['MINT', 'body.amount', 0, 'out_of_range body.amount'],
    ['ESCROW', 'body.amount', 0, 'out_of_range body.amount'],
    ['ESCROW', 'body.periodMs', 0, 'out_of_range body.periodMs'],
    ['ESCROW', 'body.periodMs', 31_622_400_001, 'out_of_range body.periodMs'],
    ['SETTLE', 'body.amount', 0, 'accepted'],
    ['SETTLE', 'body.escrow', null, 'wrong_type body.escrow'],
    ['UNBOND', 'body.amount', 0, 'out_of_range body.amount'],
    ['UNBOND', 'body.delegate', 'did:key:z6Mk', 'bad_did body.delegate'],
    ['DELEGATE', 'body.amount', 0, 'accepted'],
    ['DELEGATE', 'body.amount', -1, 'out_of_range body.amount'],
    ['DELEGATE', 'body.delegate', null, 'wrong_type body.delegate'],
    ['WITHDRAW', 'body.unbonding', null, 'wrong_type body.unbonding'],
    ['JOIN', 'body.length', 65_537, 'out_of_range body.length'],
    ['JOIN', 'body.credential', null, 'accepted'],
    ['JOIN', 'body.credential.asn', 2 ** 32, 'out_of_range body.credential.asn'],
  ];
  for (const [verb, path, to, expected] of cases)
    expect([verb, path, refusal(bend(verb, path, to))]).toEqual([verb, path, expected]);
});

test('votes name an evaluation or none; who conforms names a policy with its vector, or neither', () => {
  const cases = [
    ['ATTEST', 'body.policyDigest', null, 'accepted'],
    ['ATTEST', 'body.policyDigest', bytes32(0), 'accepted'],
    ['ATTEST_PLAN', 'body.policyDigest', bytes32(0).subarray(1), 'too_short body.policyDigest'],
    ['CONFORM', 'body.capsule', null, 'wrong_value body.pieces'],
    ['CONFORM', 'body.pieces', [], 'wrong_value body.pieces'],
    ['SUSPEND', 'body.vote', null, 'wrong_type body.vote'],
  ] as const;
  for (const [verb, path, to, expected] of cases)
    expect([verb, path, refusal(bend(verb, path, to))]).toEqual([verb, path, expected]);
});

test('what is sealed of an auction is in sealed ones only', () => {
  const cases = [
    ['NEED', 'body.auction', 'dutch', 'wrong_value body.auction'],
    ['NEED', 'body.auction', 'sealed', 'accepted'],
    ['NEED', 'body.capSeal', bytes32(0), 'wrong_value body.capSeal'],
    ['OPEN_CAP', 'body.cap', 0, 'out_of_range body.cap'],
    ['SEAL_BID', 'body.seal', bytes32(0).subarray(1), 'too_short body.seal'],
  ] as const;
  for (const [verb, path, to, expected] of cases)
    expect([path, refusal(bend(verb, path, to))]).toEqual([path, expected]);
});

test('a RECONCILE names something, and nothing twice', () => {
  const { body = null } = fieldsOf(samplePayload('RECONCILE'));
  const { orphaned = [], salvaged = [] } = body as DagMap;
  const say = (own: DagMap) =>
    refusal({ ...fieldsOf(samplePayload('RECONCILE')), body: { ...(body as DagMap), ...own } });
  const twice = (list: DagValue) => [...(list as DagValue[]), ...(list as DagValue[])];
  expect(say({ orphaned: [] })).toBe('accepted');
  expect(say({ salvaged: [] })).toBe('accepted');
  expect(say({ orphaned: [], salvaged: [] })).toBe('too_short body.orphaned');
  expect(say({ orphaned: twice(orphaned) })).toBe('duplicate body.orphaned');
  expect(say({ salvaged: twice(salvaged) })).toBe('duplicate body.salvaged');
});

test('the winner comes first in bidsSeen and nothing twice', () => {
  const decoded = fieldsOf(samplePayload('ATTEST_PLAN'));
  const body = decoded['body'] as DagMap;
  const { winner = null } = body;
  expect(refusal({ ...decoded, body: { ...body, bidsSeen: [winner, winner] } })).toBe('duplicate body.bidsSeen');
  expect(refusal({ ...decoded, body: { ...body, winner: null, bidsSeen: [winner] } })).toBe('accepted');
});

test('a PROPOSE is a bid, an acceptance or a plan, and nothing between', () => {
  const [me, other] = [ALICE.did, BOB.did];
  const acceptance = fieldsOf(samplePayload('PROPOSE'))['network'] ?? null;
  const say = (
    price: number,
    planner: string | null,
    assignee: string,
    part: number,
    accepted: DagValue,
    outbids: DagValue = null,
    salt: DagValue = null,
  ) => {
    const patch = [{ task: 'main', part: null, goal: null, after: [], assignee, price: part, acceptance: accepted }];
    return refusal({
      ...fieldsOf(samplePayload('PROPOSE')),
      body: { ...(bend('PROPOSE', 'v', 1) as { body: DagMap }).body, price, planner, outbids, salt, patch },
    });
  };
  const wrong = 'proposal_shape body';
  expect(say(5, null, me, 5, null)).toBe('accepted');
  expect(say(5, null, me, 4, null)).toBe(wrong);
  expect(say(5, null, other, 5, null)).toBe(wrong);
  expect(say(5, null, me, 5, acceptance)).toBe(wrong);
  expect(say(5, other, me, 5, null)).toBe('accepted');
  expect(say(5, null, me, 5, null, acceptance)).toBe('accepted');
  expect(say(5, me, other, 4, acceptance, acceptance)).toBe('accepted');
  expect(say(5, other, me, 5, null, acceptance)).toBe(wrong);
  expect(say(5, other, me, 4, null)).toBe(wrong);
  expect(say(5, other, other, 5, null)).toBe(wrong);
  expect(say(5, me, other, 4, acceptance)).toBe('accepted');
  expect(say(5, me, other, 5, acceptance)).toBe('accepted');
  expect(say(5, me, other, 6, acceptance)).toBe(wrong);
  expect(say(5, me, me, 4, acceptance)).toBe(wrong);
  expect(say(5, me, other, 4, null)).toBe(wrong);
  expect(say(5, null, me, 5, null, null, bytes32(0))).toBe('accepted');
  expect(say(5, null, me, 5, null, acceptance, bytes32(0))).toBe(wrong);
  expect(say(5, other, me, 5, null, null, bytes32(0))).toBe(wrong);
  expect(say(5, me, other, 4, acceptance, null, bytes32(0))).toBe(wrong);
});

test('a plan of several tasks has an acceptance for each assignee, open ones neither, and prices within its own', () => {
  const [me, other] = [ALICE.did, BOB.did];
  const acceptance = fieldsOf(samplePayload('PROPOSE'))['network'] ?? null;
  const task = (name: string, assignee: string | null, price: number, own: DagMap = {}): DagMap => ({
    task: name,
    part: name === 'main' ? null : 0,
    goal: null,
    after: [],
    assignee,
    price,
    acceptance: assignee === null ? null : acceptance,
    ...own,
  });
  const say = (planner: string | null, ...patch: DagMap[]) =>
    refusal({
      ...fieldsOf(samplePayload('PROPOSE')),
      body: { ...(bend('PROPOSE', 'v', 1) as { body: DagMap }).body, price: 5, planner, patch },
    });
  const wrong = 'proposal_shape body';
  const main = task('main', other, 2, { after: ['a'] });
  expect(say(me, task('a', other, 3), main)).toBe('accepted');
  expect(say(me, task('a', null, 3), main)).toBe('accepted');
  expect(say(me, task('a', null, 4), main)).toBe(wrong);
  expect(say(me, task('a', me, 3), main)).toBe(wrong);
  expect(say(me, task('a', null, 3, { acceptance }), main)).toBe(wrong);
  expect(say(me, task('a', other, 3, { acceptance: null }), main)).toBe(wrong);
  expect(say(me, task('main', null, 3))).toBe(wrong);
  expect(say(null, task('a', other, 3), main)).toBe(wrong);
  expect(say(me, task('a', null, 3, { after: ['b', 'b'] }), main)).toBe('duplicate body.patch.0.after');
  expect(say(me, task('a', null, 3, { part: 15 }), main)).toBe('out_of_range body.patch.0.part');
});

test('we never encode what we would refuse', () => {
  expect(() => encodePayload({ ...samplePayload('CANCEL'), thread: null })).toThrow(ProtocolError);
  expect(() => encodePayload({ ...samplePayload('NEED'), thread: NEED_ID })).toThrow(/thread_mismatch at thread/);
  expect(() => encodePayload({ ...samplePayload('CANCEL'), lamport: -1 })).toThrow(/out_of_range at lamport/);
  // What no bytes can say is refused as bytes that say something wrong are: by a code.
  const link = `b${'z'.repeat(58)}` as never;
  const settle = { ...samplePayload('SETTLE'), body: { escrow: link, amount: 0 } } as Payload;
  expect(() => encodePayload(settle)).toThrow(expect.objectContaining({ name: 'ProtocolError', code: 'bad_link' }));
  expect(() => encodePayload(settle)).toThrow(/bad_link at body.escrow/);
  const need = samplePayload('NEED');
  const goal = { ...need, body: { ...need.body, goal: 'a lone \ud800' } } as Payload;
  expect(() => encodePayload(goal)).toThrow(/bad_text at body.goal/);
  const half = { ...samplePayload('STAKE'), body: { amount: 1.5 } } as Payload;
  expect(() => encodePayload(half)).toThrow(/unsupported_type at body.amount/);
  const extra = { ...samplePayload('CANCEL'), extra: 1 };
  expect(() => encodePayload(extra)).toThrow(/unknown field extra/);
});

test('bodies can be compared by their bytes', () => {
  const one = samplePayload('ATTEST');
  const later = { ...one, lamport: one.lamport + 1 };
  expect(equalBytes(encodeBody(one), encodeBody(later))).toBe(true);
  expect(equalBytes(encodeBody(one), encodeBody(samplePayload('REJECT')))).toBe(false);
});

test('a trial is one task: with a plan it is refused, another need is not', () => {
  const sample = fieldsOf(samplePayload('NEED'));
  const { body } = sample;
  if (!isMap(body)) throw new Error('a sample has a body');
  const plan = { tasks: 2, parts: [{ skill: 'search', acceptance: body['acceptance'] ?? null, tier: 1 }] };
  const said = (trial: string | null) => refusal({ ...sample, body: { ...body, trial, plan } });
  expect([said(null), said('funded'), said('sponsored')]).toEqual([
    'accepted',
    'wrong_value body.plan',
    'wrong_value body.plan',
  ]);
});

test('a NEED names a policy of its own or leaves the field out, and has the bytes it had before where it does', () => {
  const plain = encodePayload(samplePayload('NEED'));
  const named = bend('NEED', 'body.policy', new Link(cidOfText('capsule')));
  expect(refusal(named)).toBe('accepted');
  const parsed = parsePayload(encodeCbor(named));
  if (!parsed.ok || parsed.value.verb !== 'NEED') return expect.fail('it is a NEED');
  expect(parsed.value.body.policy).toBe(cidOfText('capsule'));
  const { policy: _, ...body } = parsed.value.body;
  expect(encodePayload({ ...parsed.value, body })).toEqual(plain);
  expect(refusal(bend('NEED', 'body.policy', null))).toBe('wrong_type body.policy');
});
