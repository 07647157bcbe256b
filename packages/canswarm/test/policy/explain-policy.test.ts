import { join } from 'node:path';
import { expect, it } from 'vitest';
import { explain } from '../../src/audit/explain.ts';
import { readLog } from '../../src/proof/read-log.ts';
import { crypto } from '../proof/small-log.ts';

const STORED = join(import.meta.dirname, '../../../../test/histories/0.1.0/a-policy-that-is-published');

function explained(position: number) {
  const log = readLog(STORED, crypto);
  if (!log.ok) throw new Error(log.detail);
  const found = explain(log.genesis, log.entries, position, { crypto });
  if (!found.ok) throw new Error(found.code);
  return found.explanation;
}

it('says which rule of the policy denied an entry, and what it was asked', () => {
  expect(explained(4)).toMatchObject({
    accepted: false,
    code: 'policy_denied',
    rule: 'spec/03-kernel.md',
    policy: {
      allow: false,
      reasons: [{ rule: 'prices', code: 'amount_too_high', facts: { amount: 6, limit: 5, verb: 'TRANSFER' } }],
      input: { gate: 'law', envelope: { verb: 'TRANSFER', body: { amount: 6 } }, sender: { messages: 1 } },
    },
  });
});

it('says which rule allowed one, by the policy of its time', () => {
  const [before, publishing, after] = [1, 3, 5].map(explained);
  expect([before?.policy, publishing?.policy]).toEqual([null, null]);
  expect(after?.policy).toMatchObject({ allow: true, reasons: [{ rule: 'verbs', facts: { role: 'anyone' } }] });
});
