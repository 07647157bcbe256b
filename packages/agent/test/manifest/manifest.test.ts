import { sodiumCrypto } from '@canswarm/local';
import { cidOf, didOfKey, utf8 } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import {
  type AgentManifest,
  defineAgent,
  MANIFEST_BYTES_MAX,
  manifestHolds,
  manifestOf,
  readManifest,
  signManifest,
  termsOfManifest,
} from '../../src/index.ts';

const text = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] };
const words = { type: 'object', properties: { words: { type: 'integer' } }, required: ['words'] };
const agent = defineAgent({
  name: 'word-counter',
  description: 'Counts.',
  version: '1.2.3',
  skills: [
    {
      id: 'word-count',
      description: 'Counts the words of a text.',
      tags: ['text'],
      inputSchema: text,
      outputSchema: words,
      price: 0.5,
      joins: true,
      execute: () => ({ words: 0 }),
      verification: { checks: ['words/1'], example: { input: { text: 'a b' }, output: { words: 2 } } },
    },
    {
      id: 'word-plan',
      description: 'Plans.',
      inputSchema: text,
      outputSchema: words,
      plan: { share: 0.05, divide: () => null },
    },
  ],
});

const plain = async (): Promise<Record<string, unknown>> => JSON.parse(JSON.stringify(await manifestOf(agent)));

describe('the manifest of an agent', () => {
  it('says what others need to know, and reads back the same', async () => {
    const manifest = await manifestOf(agent);
    expect(manifest).toMatchObject({ name: 'word-counter', description: 'Counts.', version: '1.2.3', planner: null });
    expect(
      manifest.skills.map(({ id, price, executes, verifies, shareBps }) => [id, price, executes, verifies, shareBps]),
    ).toEqual([
      ['word-count', 500_000, true, false, null],
      ['word-plan', null, false, false, 500],
    ]);
    expect(manifest.skills.map(({ divides, joins }) => [divides, joins])).toEqual([
      [false, true],
      [true, false],
    ]);
    const [skill] = manifest.skills;
    expect(skill?.verification).toEqual({
      checks: ['words/1'],
      module: null,
      example: { input: { text: 'a b' }, output: { words: 2 } },
    });
    expect(readManifest(await plain())).toEqual({ ok: true, manifest });
    expect(skill && termsOfManifest(skill.verification).example?.files.size).toBe(0);
  });

  it('leaves out an example that needs files', async () => {
    const [skill] = Object.values(agent.skills);
    if (skill === undefined) throw new Error('no skill');
    const example = { input: { text: '' }, output: { words: 0 }, files: { 'a.txt': 'a' } };
    const [told] = (await manifestOf({ ...agent, skills: { 'word-count': { ...skill, verification: { example } } } }))
      .skills;
    expect(told?.verification.example).toBeNull();
  });

  it('is refused when it is larger than manifests may be', async () => {
    const [skill] = Object.values(agent.skills);
    if (skill === undefined) throw new Error('no skill');
    const example = { input: { text: 'x'.repeat(MANIFEST_BYTES_MAX) }, output: { words: 1 } };
    const large = { ...agent, skills: { 'word-count': { ...skill, verification: { example } } } };
    await expect(manifestOf(large)).rejects.toThrow('cannot be described to others');
  });
});

interface Change {
  readonly manifest?: object;
  readonly skill?: object;
  readonly verification?: object;
}

const many = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `x${index}`);

const HOSTILE: readonly (readonly [name: string, path: string, change: Change])[] = [
  ['a name that leads elsewhere', '/name', { manifest: { name: '../up' } }],
  ['a field of its own', '', { manifest: { more: 1 } }],
  ['a planner that is no key', '/planner', { manifest: { planner: 'did:web:example.org' } }],
  ['an empty version', '/version', { manifest: { version: '' } }],
  ['no skills', '/skills', { manifest: { skills: [] } }],
  ['nine skills', '/skills', { manifest: { skills: many(9) } }],
  ['a skill that is none', '/skills/0', { manifest: { skills: ['word-count'] } }],
  ['one skill twice', '/skills', { skill: { id: 'word-plan' } }],
  ['a price of nothing', '/skills/0/price', { skill: { price: 0 } }],
  ['a price of a half', '/skills/0/price', { skill: { price: 0.5 } }],
  ['a price without work', '/skills/0/price', { skill: { executes: false } }],
  ['a skill that does nothing', '/skills/0', { skill: { executes: false, price: null, joins: false } }],
  ['a floor above the price', '/skills/0/floor', { skill: { floor: 500_001 } }],
  ['a floor without a price', '/skills/0/floor', { skill: { executes: false, price: null, floor: 1 } }],
  ['a share above all', '/skills/0/shareBps', { skill: { shareBps: 10_001 } }],
  ['a joiner without work', '/skills/0/joins', { skill: { executes: false, price: null, floor: null, shareBps: 1 } }],
  ['division without planning', '/skills/0/divides', { skill: { divides: true } }],
  ['seventeen tags', '/skills/0/tags', { skill: { tags: many(17) } }],
  ['a long tag', '/skills/0/tags/0', { skill: { tags: ['t'.repeat(65)] } }],
  ['a schema that is a list', '/skills/0/inputSchema', { skill: { inputSchema: [] } }],
  [
    'a schema with a pattern that is slow',
    '/skills/0/inputSchema',
    { skill: { inputSchema: { type: 'string', pattern: '(a+)+$' } } },
  ],
  [
    'a schema that names what it does not hold',
    '/skills/0/outputSchema/$ref',
    { skill: { outputSchema: { $ref: 'https://example.org/schema' } } },
  ],
  ['nine checks', '/skills/0/verification/checks', { verification: { checks: many(9) } }],
  ['a check named by a path', '/skills/0/verification/checks/0', { verification: { checks: ['../x'] } }],
  [
    'a module of no mode',
    '/skills/0/verification/module/mode',
    { verification: { module: { source: 'x', mode: 'eval', boundBps: null } } },
  ],
  [
    'a large module',
    '/skills/0/verification/module/source',
    { verification: { module: { source: 'x'.repeat(131_073), mode: 'check', boundBps: null } } },
  ],
  ['an example of half', '/skills/0/verification/example', { verification: { example: { input: 1 } } }],
];

async function changed({ manifest, skill, verification }: Change): Promise<object> {
  const honest = await manifestOf(agent);
  const skills = honest.skills.map((one, index) =>
    index > 0 ? one : { ...one, ...skill, verification: { ...one.verification, ...verification } },
  );
  return { ...honest, skills, ...manifest };
}

describe('what somebody says is a manifest', () => {
  it.each(HOSTILE)('is refused with %s', async (_name, path, change) => {
    expect(readManifest(await changed(change))).toMatchObject({ ok: false, code: 'malformed', path });
  });

  it('is refused when a field lacks', async () => {
    for (const field of ['name', 'planner', 'skills']) {
      const { [field]: _, ...rest } = await plain();
      expect(readManifest(rest)).toMatchObject({ ok: false, code: 'malformed', path: '', reason: `has no "${field}"` });
    }
  });

  it('is refused when it is too large, no JSON, or nested without end', async () => {
    const manifest = await plain();
    const deep = { ...manifest, description: 'x'.repeat(MANIFEST_BYTES_MAX) };
    expect(readManifest(deep)).toMatchObject({ ok: false, code: 'too_large' });
    const round: Record<string, unknown> = { ...manifest };
    round['skills'] = [round];
    for (const value of [undefined, null, 'x', [], new Date(), round])
      expect(readManifest(value)).toMatchObject({ ok: false, code: 'malformed' });
  });
});

describe('a signed manifest', () => {
  const crypto = sodiumCrypto();
  const signer = (name: string) => {
    const seed = crypto.sha256(utf8(name));
    return { did: didOfKey(crypto.publicKey(seed)), sign: (bytes: Uint8Array) => crypto.sign(seed, bytes) };
  };
  const network = (name: string) => cidOf(utf8(name), 'dag-cbor', crypto.sha256);

  it('holds for its key in its network alone, and for nothing altered', async () => {
    const manifest = await manifestOf(agent);
    const signed = signManifest(manifest, signer('a'), network('one'), crypto);
    expect(manifestHolds(signed, network('one'), crypto)).toBe(true);
    expect(manifestHolds(signed, network('two'), crypto)).toBe(false);
    expect(manifestHolds({ ...signed, did: signer('b').did }, network('one'), crypto)).toBe(false);
    const cheaper: AgentManifest = { ...manifest, skills: manifest.skills.map((skill) => ({ ...skill, price: 1 })) };
    expect(manifestHolds({ ...signed, manifest: cheaper }, network('one'), crypto)).toBe(false);
  });
});
