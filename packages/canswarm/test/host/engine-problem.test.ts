import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeCrypto } from '@canswarm/local';
import { memoryContent } from '@canswarm/memory';
import { basePolicy } from '@canswarm/policies';
import { cidOf, parseVector, utf8 } from '@canswarm/protocol';
import { expect, it } from 'vitest';
import type { Logger } from '../../src/home/log/logger.ts';
import { divergenceText, noteEngine } from '../../src/host/engine-problem.ts';
import type { NetworkFolder } from '../../src/host/network-folder.ts';
import { keepVectors } from '../../src/host/policy-vectors.ts';
import { Problems } from '../../src/host/problems.ts';

const { sha256 } = nodeCrypto();
const CAPSULE = cidOf(utf8('capsule'), 'dag-cbor', sha256);

it('a node whose engine decides otherwise says by which case and how, until it passes', () => {
  const lines: string[] = [];
  const say = (message: string): void => void lines.push(message);
  const logger = { debug: say, info: say, warn: say, error: say } as unknown as Logger;
  const problems = new Problems(logger);
  const due = { allow: true, reasons: [], gasUsed: 7 };
  const first = { name: 'a case', due, decided: { ...due, gasUsed: 8 } };
  noteEngine(problems, logger, { status: 'failed', capsule: CAPSULE, cases: 3, different: 1, first });
  expect(lines[0]).toContain('1 of 3 cases otherwise than the conformance vector says, "a case" first');
  expect(lines[0]).toContain('this node does not vote');
  expect(problems.list()).toMatchObject([{ what: 'policy', code: 'diverges' }]);
  noteEngine(problems, logger, { status: 'away', capsule: CAPSULE, vector: CAPSULE, why: 'nobody has it' });
  expect(lines.at(-1)).toContain('cannot be had');
  expect(problems.list()).toHaveLength(1);
  noteEngine(problems, logger, { status: 'passed', capsule: CAPSULE, cases: 3 });
  expect(problems.list()).toEqual([]);
});

it('what is told of a diverging vote are both digests, and what this node asked', () => {
  const about = { member: 'did:key:z', vote: CAPSULE, about: CAPSULE, capsule: CAPSULE } as never as Parameters<
    typeof divergenceText
  >[0];
  const told = divergenceText({ ...about, named: new Uint8Array([1]), due: null }, utf8('{"schema":1}'));
  expect(told).toMatchObject({ member: 'did:key:z', named: '01', due: null, input: '{"schema":1}' });
});

it('a node has the vectors of the base policy and of the policy that its network was made with', async () => {
  const content = memoryContent(sha256);
  const own = utf8('{"cases":[]}');
  await keepVectors({ vector: () => own } as unknown as NetworkFolder, content);
  const base = readFileSync(join(basePolicy, 'conformance.json'));
  expect(parseVector(base)?.length).toBeGreaterThan(20);
  for (const bytes of [own, base]) expect(await content.has(cidOf(bytes, 'raw', sha256))).toBe(true);
});
