import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VERBS } from '@canswarm/protocol';
import { expect, it } from 'vitest';
import { basePolicy } from '../src/index.ts';

it('the base policy grants every verb of the protocol to somebody, and no other', () => {
  const { parameters } = JSON.parse(readFileSync(join(basePolicy, 'parameters.json'), 'utf8')) as {
    parameters: { verbs: Readonly<Record<string, readonly string[]>> };
  };
  const granted = new Set(Object.values(parameters.verbs).flat());
  expect([...granted].sort()).toEqual(Object.keys(VERBS).sort());
});
