import { expect, it } from 'vitest';
import { problemFault, suspendedFault } from '../../src/doctor/network.ts';

it('warns of verifiers that are suspended, by their names, and of no others', () => {
  const agents = ['ada', 'bob', 'eve'].map((name) => ({ name, suspended: name !== 'bob' }));
  expect(suspendedFault({ agents })).toMatchObject({
    status: 'warning',
    found: 'verifiers that voted by another evaluation of the policy: ada, eve',
    means: expect.stringContaining('drawn for no committee'),
    todo: expect.stringContaining('canswarm logs'),
  });
  expect(suspendedFault({ agents: agents.filter(({ suspended }) => !suspended) })).toBeNull();
});

it('fails a node whose policy engine decides otherwise, and says since when and how', () => {
  const message = 'the policy engine decides 1 of 40 cases otherwise';
  const fault = problemFault({ what: 'policy', code: 'diverges', message, since: 1_800_000_000_000 });
  expect(fault).toMatchObject({
    status: 'failed',
    found: `its policy engine decides otherwise since 2027-01-15T08:00:00.000Z: ${message}`,
    means: expect.stringContaining('does not vote'),
    todo: expect.stringContaining('start the node again'),
  });
});
