import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createState, type LoadPolicy } from '@canswarm/kernel';
import { sodiumCrypto, softwareSigner } from '@canswarm/local';
import { memoryMeter } from '@canswarm/memory';
import {
  type Capsule,
  type Cid,
  cidOf,
  encodeCapsule,
  type Genesis,
  type NeedId,
  openEnvelope,
  presetParams,
  utf8,
  type VerifiedEnvelope,
} from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { BidMemory } from '../src/bid-memory.ts';
import { draftPayload } from '../src/draft-payload.ts';
import { unpackMessage } from '../src/message.ts';
import { PolicyDeniedError } from '../src/policy-denied-error.ts';
import { PolicyGates } from '../src/policy-gates.ts';
import { sendingOn } from './support/sending.ts';

const crypto = sodiumCrypto();
const key = softwareSigner(new Uint8Array(32).fill(1));
const engine = utf8('denies STAKE, and the third message of gossip');
const named = cidOf(engine, 'raw', crypto.sha256);
const capsule: Capsule = {
  v: 1,
  name: 'tiny',
  schema: 1,
  engine: named,
  source: named,
  parameters: {},
  gas: 1,
  memoryBytes: 65_536,
  builtins: [],
  conformance: named,
};
const genesis: Genesis = {
  v: 1,
  kind: 'genesis',
  name: 'gated',
  time: 1_800_000_000_000,
  incarnation: 1,
  rulesVersion: 1,
  epoch: 1,
  authority: key.did,
  supplyCap: 1_000_000_000,
  params: presetParams('dev'),
  accounts: [{ did: key.did, free: 1_000_000, stake: 0 }],
  members: [],
  arbiters: [],
  policy: { capsule: encodeCapsule(capsule), engine },
};

interface Asked {
  readonly gate: string;
  readonly envelope: { readonly verb: string; readonly bytes: number };
  readonly sender: { readonly messages: number };
}

function gated() {
  const asked: Asked[] = [];
  const load: LoadPolicy = () => (input) => {
    const question = JSON.parse(new TextDecoder().decode(input)) as Asked;
    asked.push(question);
    const { envelope, sender } = question;
    const allow = envelope.verb !== 'STAKE' && (envelope.verb !== 'REPORT' || sender.messages < 3);
    const facts = { verb: envelope.verb };
    return { allow, reasons: allow ? [] : [{ rule: 'tiny', code: 'shut', facts }], gasUsed: 1 };
  };
  const state = createState(genesis, crypto.sha256, load);
  const [heard, denied]: [Uint8Array[], PolicyDeniedError[]] = [[], []];
  const told = {
    hear: (message: Uint8Array) => void heard.push(message),
    onDenied: (error: PolicyDeniedError) => void denied.push(error),
  };
  return { ...sendingOn(state, told), state, asked, heard, denied };
}

const stake = { verb: 'STAKE', body: { amount: 1 } } as const;
const transfer = { verb: 'TRANSFER', body: { to: key.did, amount: 1, create: false } } as const;
const report = { verb: 'REPORT', body: { time: 1, preimage: null } } as const;

function opened(message: Uint8Array): VerifiedEnvelope {
  const [piece] = unpackMessage(message, crypto.sha256) ?? [];
  const envelope = openEnvelope(piece?.bytes ?? new Uint8Array(), crypto);
  if (!envelope.ok) throw new Error(envelope.code);
  return envelope.envelope;
}

describe('before anything is signed', () => {
  it('what the policy denies is not, and whoever said it is told rule and reason', async () => {
    const { outbox, appended, denied, asked } = gated();
    const refused = await outbox.command(key, stake, null).catch((error: unknown) => error);
    await outbox.close();
    expect(refused).toBeInstanceOf(PolicyDeniedError);
    expect(refused).toMatchObject({ did: key.did, verb: 'STAKE', reasons: [{ rule: 'tiny', code: 'shut' }] });
    expect((refused as Error).message).toBe('the policy of the network denies STAKE: tiny: shut (verb STAKE)');
    expect([appended, denied]).toEqual([[], [refused]]);
    expect(asked.map(({ gate }) => gate)).toEqual(['preflight']);
  });

  it('what it allows is, also where something denied is said at the same time', async () => {
    const { outbox, appended, denied } = gated();
    const [first, second] = await Promise.allSettled([
      outbox.command(key, stake, null),
      outbox.command(key, transfer, null),
    ]);
    await outbox.close();
    expect([first.status, second.status]).toEqual(['rejected', 'fulfilled']);
    expect([appended.length, denied.length]).toEqual([1, 1]);
  });

  it('there is one way to a signature of a node', () => {
    const folders = ['node', 'canswarm', 'cli', 'agent', 'api'].map((name) =>
      join(import.meta.dirname, '../..', name, 'src'),
    );
    const signing = folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .filter((name) => /\bsign(Envelope|Batch|Entry)\(/.test(readFileSync(join(folder, name), 'utf8'))),
    );
    // Besides: an operator's command by which a life of a log begins, while no node runs. The law asks about the entry.
    expect(signing).toEqual(['outbox.ts', 'migrate/statements.ts']);
  });
});

describe('a result', () => {
  const telemetry = { wallMs: 1, bytesRead: 0, bytesWritten: 0 };
  const about = { need: named as Cid as string as NeedId, task: 'main', attempt: 1 };
  const fence = { incarnation: 1, position: 0 };
  const body = { ...about, fence, outputs: [{ cid: named, leaves: 1 }], telemetry, trace: null };

  it.each([
    ['without what it states, as the law will, also where that is known', 4],
    ['with what it states, where that is known', -1],
  ])('is asked about %s', (_, allowed) => {
    const asked: number[] = [];
    const load: LoadPolicy = () => (input) => {
      const { work } = JSON.parse(new TextDecoder().decode(input)) as { work: { statements: number } | null };
      asked.push(work?.statements ?? -1);
      return { allow: asked.at(-1) === allowed, reasons: [], gasUsed: 1 };
    };
    const state = createState(genesis, crypto.sha256, load);
    const payload = draftPayload(state, key.did, { verb: 'COMMIT', body }, about.need);
    const gates = new PolicyGates(memoryMeter(), new BidMemory());
    expect(gates.preflight(state, payload, { statements: 4, cited: 0 })).toBeInstanceOf(PolicyDeniedError);
    expect(asked).toEqual([-1, 4]);
  });
});

describe('gossip that comes', () => {
  it('is asked about, and counted by the windows of the log', async () => {
    const { outbox, heard, state, asked } = gated();
    await outbox.command(key, report, null);
    await outbox.close();
    const [message = new Uint8Array()] = heard;
    const gates = new PolicyGates(memoryMeter(), new BidMemory());
    const envelope = opened(message);
    expect([1, 2, 3].map(() => gates.denies(state, envelope))).toEqual([false, false, true]);
    expect(asked.map(({ gate, sender }) => [gate, sender.messages])).toEqual([
      ['preflight', 1],
      ['ingress', 1],
      ['ingress', 2],
      ['ingress', 3],
    ]);
    // What is asked of a payload is the same before it is signed and after.
    expect(new Set(asked.map(({ envelope: { bytes } }) => bytes)).size).toBe(1);
    state.position = state.params.headWindow - 1;
    expect(gates.denies(state, envelope)).toBe(false);
  });
});
