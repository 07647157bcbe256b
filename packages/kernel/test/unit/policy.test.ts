import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { payloadLength, policyPieces, toHex, VERBS } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { apply } from '../../src/apply.ts';
import { createState } from '../../src/genesis-state.ts';
import { beginPolicy, loadPolicy } from '../../src/policy/network-policy.ts';
import type { State } from '../../src/state.ts';
import { snapshot, stateRoot } from '../../src/state-root.ts';
import { TRUTHFUL } from '../support/documents.ts';
import { agent, sha256 } from '../support/keys.ts';
import { EMPTY_VECTOR, inGenesis, tinyEngine, tinyPolicy } from '../support/policies.ts';
import { Story } from '../support/story.ts';
import { readTranscript, transcriptNames } from '../transcripts/files.ts';
import { playOn } from '../transcripts/play.ts';
import { Stage } from '../transcripts/stage.ts';
import { ADA, AUTHORITY, CREDIT, LOG_FEES, REQUESTER, World, type WorldOptions } from '../world.ts';

const STRANGER = agent('stranger');
const OPEN = tinyPolicy({ deny: [] });
const SOURCES = join(import.meta.dirname, '../../src');
const YEAR_MS = 365 * 24 * 3_600_000;
const gift = { to: ADA.did, amount: 1, create: false };

function worldWith(deny: readonly string[], options: WorldOptions = {}) {
  const engine = tinyEngine();
  const world = new World({ ...options, policy: inGenesis(tinyPolicy({ deny })), load: engine.load });
  return { world, engine };
}

/** Publishes a policy as the authority does. */
const published = (policy = OPEN) => {
  const { body, blocks } = policyPieces(policy, sha256);
  return [body, { blocks }] as const;
};

/** What sets back all that an entry may change which has no effect; should it have one, later entries tell. */
function remember(state: State): () => void {
  const { position, digest, digests, accepted, charged, lateTicks, accounts, policy } = state;
  const heard = [...(policy?.heard ?? [])];
  const kept = { first: digests.first, values: [...digests.values], late: [...lateTicks] };
  const maps = [accepted, charged, accounts, policy?.said ?? new Map()].map((map: Map<unknown, unknown>) => ({
    map,
    entries: [...map],
  }));
  return () => {
    Object.assign(state, { position, digest });
    digests.first = kept.first;
    digests.values.splice(0, digests.values.length, ...kept.values);
    lateTicks.clear();
    for (const did of kept.late) lateTicks.add(did);
    policy?.heard.clear();
    for (const id of heard) policy?.heard.add(id);
    for (const { map, entries } of maps) {
      map.clear();
      for (const [key, value] of entries) map.set(key, value);
    }
  };
}

describe('a network without a policy', () => {
  it('needs nothing that loads one, and keeps nothing of it', () => {
    const world = new World();
    world.accept(REQUESTER, 'TRANSFER', gift);
    expect(world.state.policy).toBe(null);
    expect(Object.keys(snapshot(world.state))).not.toContain('policy');
  });

  it('can be given one', () => {
    const world = new World({ load: tinyEngine().load });
    world.accept(AUTHORITY, 'POLICY', ...published(tinyPolicy({ deny: ['TRANSFER'] })));
    world.refuse('policy_denied', REQUESTER, 'TRANSFER', gift);
  });
});

describe('a network with a policy', () => {
  it('is not judged where nothing loads it: that is an error, and no permission', () => {
    const { world } = worldWith([]);
    expect(() => createState(world.genesis, sha256)).toThrow('INV-POLICY-HERE');
    const free = new World();
    const entry = free.entry(AUTHORITY, 'POLICY', ...published());
    expect(() => apply(free.state, entry, sha256)).toThrow('INV-POLICY-HERE');
  });

  it('is not judged by a policy that is none', () => {
    const { load } = tinyEngine();
    expect(() => new World({ policy: inGenesis(tinyPolicy({}, 'other')), load })).toThrow('INV-POLICY');
    const { capsule } = inGenesis(OPEN);
    expect(() => new World({ policy: { capsule, engine: Uint8Array.of(1) }, load })).toThrow('INV-POLICY');
  });

  it('refuses what the policy denies, with the reasons, for the fee of its place', () => {
    const { world } = worldWith(['TRANSFER'], { params: LOG_FEES });
    const entry = world.entry(REQUESTER, 'TRANSFER', gift);
    world.refuseEntry('policy_denied', entry);
    expect(world.state.charged.get(entry.envelope.id)?.paid).toBeGreaterThan(0);
    expect(world.applied.at(-1)?.outcome).toEqual({
      accepted: false,
      code: 'policy_denied',
      facts: {
        capsule: tinyPolicy({ deny: ['TRANSFER'] }).cid,
        rule: 'tiny',
        code: 'shut',
        reasons: '[{"rule":"tiny","code":"shut","facts":{"verb":"TRANSFER"}}]',
        gasUsed: 7,
      },
    });
    world.accept(REQUESTER, 'STAKE', { amount: 1 });
  });

  it('asks about what the entry and the state say, and nothing else', () => {
    const { world, engine } = worldWith([]);
    const story = new Story(world);
    world.accept(REQUESTER, 'CANCEL', { need: story.id });
    const [posted = '', cancelled = ''] = engine.asked;
    expect(posted).toMatch(
      /^\{"envelope":\{"body":\{.*\},"bytes":\d+,"plane":"log","refs":0,"verb":"NEED"\},"gate":"law","need":\{"class":"documents","spent":\{"messages":1,"money":10000000,"ms":0,"tokens":0\}\},"schema":1,"sender":\{"bytes":\d+,"did":"did:key:\w+","messages":1,"roles":\[\],"zone":"unverified"\},"work":null\}$/,
    );
    expect(JSON.parse(cancelled)).toMatchObject({
      need: { class: 'documents', spent: { messages: 1, money: 10_000_000, ms: 0, tokens: 0 } },
      sender: { messages: 2 },
    });
  });

  it('knows authority, arbiters and verifiers, and where they are', () => {
    const [verifier] = new World().verifiers;
    if (verifier === undefined) throw new Error('there is a verifier');
    const { world, engine } = worldWith([], { arbiters: [ADA] });
    for (const who of [AUTHORITY, ADA, verifier.who]) world.submit(who, 'STAKE', { amount: 1 });
    const senders = engine.asked.map(
      (text) => (JSON.parse(text) as { sender: { roles: string[]; zone: string } }).sender,
    );
    expect(senders.map(({ roles, zone }) => [roles, zone])).toEqual([
      [['authority'], 'unverified'],
      [['arbiter'], 'mid'],
      [['verifier'], verifier.region],
    ]);
  });

  it('counts what a sender says by windows of the log, refused or not', () => {
    const { world, engine } = worldWith(['STAKE'], { params: { headWindow: 16 } });
    for (let count = 0; count < 9; count += 1) {
      world.submit(REQUESTER, 'STAKE', { amount: 1 });
      world.submit(REQUESTER, 'TRANSFER', gift);
    }
    const said = engine.asked.map((text) => (JSON.parse(text) as { sender: { messages: number } }).sender.messages);
    // Positions 1 to 15, then from 16 on.
    expect(said).toEqual([...Array.from({ length: 15 }, (_, index) => index + 1), 1, 2, 3]);
  });

  it('counts an envelope once in a window, however often anybody appends it', () => {
    const { world, engine } = worldWith(['TRANSFER'], { params: { headWindow: 16 } });
    const senders = (): unknown[] =>
      engine.asked.map((text) => {
        const { did, messages, bytes } = (JSON.parse(text) as { sender: Record<string, unknown> }).sender;
        return { did, messages, bytes };
      });
    const victim = world.entry(REQUESTER, 'TRANSFER', gift);
    const one = { did: REQUESTER.did, messages: 1, bytes: payloadLength(victim.envelope) };
    for (let count = 0; count < 3; count += 1) world.refuseEntry('policy_denied', victim);
    expect(senders()).toEqual([one, one, one]);
    world.accept(REQUESTER, 'STAKE', { amount: 1 });
    expect(senders().at(-1)).toMatchObject({ messages: 2 });
    expect(world.state.policy?.heard.size).toBe(2);
    while (world.state.position < 15) world.submit(ADA, 'STAKE', { amount: 1 });
    expect(world.state.policy).toMatchObject({ said: new Map(), heard: new Set() });
    world.refuseEntry('policy_denied', victim);
    expect(senders().at(-1)).toEqual(one);
    expect(world.state.policy?.said.get(REQUESTER.did)).toEqual({ messages: 1, bytes: one.bytes });
  });

  it('counts the entries of a need until that is settled', () => {
    const { world } = worldWith([]);
    const story = new Story(world).hire().deliver();
    expect(world.state.policy?.messages.get(story.id)).toBe(2);
    story.judge('pass').settle();
    expect(world.state.policy?.messages.size).toBe(0);
  });

  it('is asked about what a result says that it used, and that alone', () => {
    const { world, engine } = worldWith([]);
    const story = new Story(world).hire();
    const use = { tokens: 5, models: ['m'], tools: [], egress: [{ label: 'l', zone: 'z', bytes: 1 }] };
    const telemetry = { wallMs: 7, bytesRead: 0, bytesWritten: 0 };
    const body = { ...story.held(), outputs: [TRUTHFUL], trace: null };
    engine.isShut = true;
    world.refuse('policy_denied', ADA, 'COMMIT', { ...body, telemetry: { ...telemetry, use } });
    world.refuse('policy_denied', ADA, 'COMMIT', { ...body, telemetry });
    engine.isShut = false;
    const [told = '', silent = ''] = engine.asked.slice(-2);
    expect(JSON.parse(told)).toMatchObject({
      need: { spent: { tokens: 5, ms: 7 } },
      work: { statements: 0, cited: 0, models: use.models, tools: [], egress: use.egress },
    });
    expect(JSON.parse(silent)).toMatchObject({ need: { spent: { tokens: 0 } }, work: null });
  });

  it('says of a result what that took, whatever others of the need said before', () => {
    const { world, engine } = worldWith([]);
    const liar = { wallMs: YEAR_MS, bytesRead: 0, bytesWritten: 0 };
    const story = new Story(world).hire();
    world.accept(ADA, 'COMMIT', { ...story.held(), outputs: [TRUTHFUL], trace: null, telemetry: liar });
    const spent = (): unknown => (JSON.parse(engine.asked.at(-1) ?? '') as { need: { spent: unknown } }).need.spent;
    expect(spent()).toMatchObject({ messages: 2, ms: YEAR_MS, tokens: 0 });
    story.judge('fail');
    expect(spent()).toMatchObject({ ms: 0, tokens: 0 });
    const messages = world.state.policy?.messages.get(story.id) ?? 0;
    world.tickUntil(() => story.need.lease !== null);
    story.deliver();
    expect(spent()).toMatchObject({ messages: messages + 1, ms: 1, tokens: 0 });
  });

  it('has a state root that covers it, and the same for the same log', () => {
    const roots = [worldWith([]), worldWith([]), worldWith(['STAKE'])].map(({ world }) => {
      world.accept(REQUESTER, 'TRANSFER', gift);
      return stateRoot(world.state, sha256);
    });
    expect(roots[0]).toBe(roots[1]);
    expect(roots[0]).not.toBe(roots[2]);
  });
});

describe('what something else refuses', () => {
  it('is not asked about, be it free of charge or paid', () => {
    const { world, engine } = worldWith(['TRANSFER'], { params: LOG_FEES });
    const story = new Story(world).hire();
    const asked = engine.asked.length;
    const result = {
      ...story.held(),
      outputs: [TRUTHFUL],
      trace: null,
      telemetry: { wallMs: 1, bytesRead: 0, bytesWritten: 0 },
    };
    world.refuse('authority_only', STRANGER, 'MINT', { ...gift, create: true });
    world.refuse('authority_only', STRANGER, 'POLICY', ...published());
    world.refuse('verifier_only', STRANGER, 'TICK', {}, { envelopes: [] });
    world.refuse('holder_only', STRANGER, 'COMMIT', result);
    world.refuse('fee_lacking', STRANGER, 'TRANSFER', gift);
    world.refuse('account_unknown', REQUESTER, 'TRANSFER', { ...gift, to: STRANGER.did });
    expect(engine.asked.length).toBe(asked);
    expect(world.applied.at(-1)).not.toHaveProperty('policy');
    world.refuse('policy_denied', REQUESTER, 'TRANSFER', gift);
    expect(engine.asked.length).toBe(asked + 1);
  });

  it('is not asked about where what a duty costs beyond its need lacks', () => {
    const { world, engine } = worldWith([], { params: { ...LOG_FEES, logDuties: 1, logDutyBytes: 1024 } });
    const story = new Story(world).toPlanVotes();
    const asked = engine.asked.length;
    const bid = story.bid(ADA, CREDIT);
    expect(story.decide([...story.planVotes([bid]), bid], STRANGER).outcome).toMatchObject({ code: 'fee_lacking' });
    expect(engine.asked.length).toBe(asked);
  });
});

describe('POLICY', () => {
  it('begins an epoch: what was signed before is signed anew, and is judged by the policy of its time', () => {
    const { world } = worldWith([]);
    const early = world.entry(REQUESTER, 'TRANSFER', gift);
    const next = tinyPolicy({ deny: ['TRANSFER'] });
    const events = world.accept(AUTHORITY, 'POLICY', ...published(next));
    expect(events).toEqual([{ type: 'policy_changed', epoch: 2, capsule: next.cid }]);
    world.refuseEntry('epoch_other', early);
    world.refuse('policy_denied', REQUESTER, 'TRANSFER', gift);
    expect(world.state.policy?.epochs).toEqual([
      { epoch: 1, capsule: OPEN.cid, from: 1 },
      { epoch: 2, capsule: next.cid, from: 2 },
    ]);
    world.accept(AUTHORITY, 'POLICY', ...published());
    world.accept(REQUESTER, 'TRANSFER', gift);
    // Every entry of this log again, by the policy of its time.
    const again = createState(world.genesis, sha256, tinyEngine().load);
    for (const [index, entry] of world.entries.entries())
      expect(apply(again, entry, sha256, tinyEngine().load)).toEqual(world.applied[index]);
    expect(toHex(again.digest)).toBe(toHex(world.state.digest));
    expect(stateRoot(again, sha256)).toBe(world.root());
  });

  it('counts silences anew', () => {
    const { world } = worldWith([]);
    const [member] = world.state.members.values();
    if (member === undefined) throw new Error('there is a member');
    member.silences = 1;
    world.accept(AUTHORITY, 'POLICY', ...published());
    expect(member.silences).toBe(0);
  });

  it('is for the authority alone', () => {
    const { world } = worldWith([]);
    world.refuse('authority_only', REQUESTER, 'POLICY', ...published());
  });

  it('takes nothing that could not judge, or that nothing could replace', () => {
    const { world } = worldWith([]);
    const [body, { blocks }] = published();
    world.refuse('policy_unfit', AUTHORITY, 'POLICY', body, { blocks: blocks.slice(1) });
    world.refuse('policy_unfit', AUTHORITY, 'POLICY', body, { blocks: blocks.slice(0, 1) });
    world.refuse('policy_unfit', AUTHORITY, 'POLICY', { ...body, capsule: body.pieces[0] ?? body.capsule }, { blocks });
    world.refuse('policy_unfit', AUTHORITY, 'POLICY', ...published(tinyPolicy({}, 'no module')));
    world.refuse('policy_unfit', AUTHORITY, 'POLICY', ...published(tinyPolicy({ deny: ['POLICY'] })));
  });

  it('costs the authority nothing', () => {
    const { world } = worldWith([], { params: LOG_FEES });
    const before = world.free(AUTHORITY);
    world.accept(AUTHORITY, 'POLICY', ...published());
    expect(world.free(AUTHORITY)).toBe(before);
  });
});

describe('the gate', () => {
  const logVerbs = Object.entries(VERBS).filter(([, { plane }]) => plane === 'log');

  it('is asked of every verb: what it shuts out has no effect, whatever is said', () => {
    const met = new Set<string>();
    for (const name of transcriptNames('lives')) {
      const engine = tinyEngine();
      const law: WorldOptions['law'] = {
        // The genesis of the script, so that its draws are the same.
        createState(genesis, hash) {
          const state = createState(genesis, hash);
          const present = loadPolicy(tinyPolicy({}, 'tiny', EMPTY_VECTOR), engine.load);
          if (present === null) throw new Error('the tiny engine takes the tiny policy');
          state.policy = beginPolicy(null, present, state.epoch, 0);
          return state;
        },
        apply(state, entry, hash, load) {
          const { verb } = entry.envelope.payload;
          const known = state.accepted.size;
          const restore = remember(state);
          engine.isShut = true;
          const { outcome, events } = apply(state, entry, hash, load);
          engine.isShut = false;
          if (outcome.accepted || state.accepted.size > known) throw new Error(`${verb} went around the gate`);
          const told = events.filter((event) => event.type !== 'posting' || event.code !== 'log_fee');
          if (told.length > 0) throw new Error(`${verb} had an effect`);
          if (outcome.code === 'policy_denied') met.add(verb);
          restore();
          const applied = apply(state, entry, hash, load);
          // Votes of the script name no digest, and what they say names the seeds of its draws.
          for (const about of [...state.needs.values(), ...state.commits.values()])
            Reflect.deleteProperty(about, 'asked');
          return applied;
        },
      };
      const text = readTranscript('lives', name);
      expect(playOn(new Stage({ load: engine.load, law }), text)).toBe(text);
    }
    const unmet = logVerbs.map(([verb]) => verb).filter((verb) => !met.has(verb) && verb !== 'POLICY');
    expect(unmet).toEqual([]);
  });

  it('is the only way from a rule to an effect', () => {
    const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const texts = new Map(files.map((name) => [name, readFileSync(join(SOURCES, name), 'utf8')]));
    const law = texts.get('apply.ts') ?? '';
    expect(law.match(/judgeByVerb\(/g)).toHaveLength(2);
    expect(law).toContain(
      'const judged = judgeByVerb(context, entry);\n    return isRejection(judged) ? judged : (lacking ?? judgeGate(context, entry) ?? judged);',
    );
    expect(law.match(/\bjudge\b(?=[,)])/g)).toHaveLength(1);
    const rules = [...texts].flatMap(([, text]) =>
      [...text.matchAll(/export const (judge\w+): Rule<'/g)].map(([, name = '']) => name),
    );
    expect(rules).toHaveLength(logVerbs.length);
    for (const rule of rules) {
      const using = [...texts].filter(([, text]) => new RegExp(`\\b${rule}\\b`).test(text)).map(([name]) => name);
      expect(using.filter((name) => !name.startsWith('rules/'))).toEqual(['apply.ts']);
      expect(using).toHaveLength(2);
    }
  });
});
