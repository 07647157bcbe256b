import type { AppliedEntry } from '@canswarm/node';
import { type NeedBody, type Sha256, toHex, type VerifiedEnvelope, voteSeal } from '@canswarm/protocol';
import type { Checker, Fault } from './checker.ts';

/** Of one ballot about one commit, by who sits: the hash it sealed. */
interface Ballot {
  readonly seals: Map<string, string>;
  isOpen: boolean;
}

const SEALED_TIERS: readonly number[] = [4, 6];

/** P17: where votes are sealed one counts only as it was sealed before, and nothing is sealed any more once one was shown. */
export function sealedVotes(fault: Fault, sha256: Sha256): Checker {
  const bodies = new Map<string, Pick<NeedBody, 'tier' | 'plan'>>();
  const commits = new Map<string, string>();
  const ballots = new Map<string, Ballot>();

  /** A task of a plan is judged as its part says. */
  const noteTask = ({ entry }: AppliedEntry, need: string, root: string, task: string): void => {
    const body = bodies.get(root);
    const patches = entry.evidence.envelopes.flatMap(({ payload }) =>
      payload.verb === 'PROPOSE' ? payload.body.patch : [],
    );
    const part = patches.find((one) => one.task === task)?.part ?? null;
    const tier = part === null ? body?.tier : body?.plan?.parts[part]?.tier;
    if (tier !== undefined) bodies.set(need, { tier, plan: null });
  };

  const onVotes = (commit: string, envelopes: readonly VerifiedEnvelope[]): void => {
    const fresh: { readonly key: string; readonly from: string; readonly seal: string }[] = [];
    const opened = new Set<string>();
    for (const { payload } of envelopes) {
      const { from } = payload;
      if (payload.verb !== 'SEAL' && payload.verb !== 'ATTEST' && payload.verb !== 'REJECT') continue;
      const key = `${commit}/${payload.body.ballot}`;
      if (payload.verb === 'SEAL') {
        fresh.push({ key, from, seal: toHex(payload.body.seal) });
        continue;
      }
      opened.add(key);
      const sealed = ballots.get(key)?.seals.get(from);
      if (sealed === undefined) fault('P17', `the vote of ${from} on ${commit} counts, and was not sealed before`);
      else if (sealed !== toHex(voteSeal(from, payload, sha256)))
        fault('P17', `${from} votes on ${commit} otherwise than it sealed`);
    }
    for (const { key, from, seal } of fresh) {
      const ballot = ballots.get(key) ?? { seals: new Map(), isOpen: false };
      ballots.set(key, ballot);
      if (ballot.isOpen || opened.has(key)) fault('P17', `${from} seals about ${commit} after a vote was shown`);
      if (!ballot.seals.has(from)) ballot.seals.set(from, seal);
    }
    for (const key of opened) {
      const ballot = ballots.get(key);
      if (ballot !== undefined) ballot.isOpen = true;
    }
  };

  return {
    properties: ['P17'],
    onEntry(applied) {
      const { entry, outcome, events } = applied;
      const { payload, id } = entry.envelope;
      if (outcome.accepted && payload.verb === 'NEED') bodies.set(id, payload.body);
      if (outcome.accepted && payload.verb === 'CERTIFY') {
        const { tier = 0 } = bodies.get(commits.get(payload.body.commit) ?? '') ?? {};
        if (SEALED_TIERS.includes(tier)) onVotes(payload.body.commit, entry.evidence.envelopes);
      }
      for (const event of events)
        if (event.type === 'committed') commits.set(event.commit, event.need);
        else if (event.type === 'task_opened') noteTask(applied, event.need, event.root, event.task);
    },
  };
}
