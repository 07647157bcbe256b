import type { Genesis } from '@canswarm/protocol';
import type { Checker, Fault } from './checker.ts';

interface Committee {
  /** Seats of the first draw of a ballot: 2 K - 1 of them. */
  readonly first: Map<number, number>;
  readonly seated: Map<string, { readonly ballot: number }>;
  readonly votes: Map<string, { readonly ballot: number; readonly verdict: string }>;
}

/** P6: a certificate has K distinct votes of one verdict, of seats that were drawn, of different organisations, none a party's. */
export function certificates(fault: Fault, { members }: Genesis): Checker {
  const orgs = new Map(members.map(({ did, org }) => [did as string, org]));
  const committees = new Map<string, Committee>();
  /** By need its requester, by commit its worker and need. */
  const requesters = new Map<string, string>();
  const workers = new Map<string, { readonly worker: string; readonly need: string }>();
  const related = (a: string, b: string | undefined): boolean =>
    a === b || (b !== undefined && orgs.get(a) !== undefined && orgs.get(a) === orgs.get(b));
  const committeeOf = (subject: string): Committee => {
    const known = committees.get(subject) ?? { first: new Map(), seated: new Map(), votes: new Map() };
    committees.set(subject, known);
    return known;
  };

  return {
    properties: ['P6'],
    onEntry({ entry, outcome, events }) {
      const { payload } = entry.envelope;
      if (outcome.accepted && payload.verb === 'CERTIFY')
        for (const { payload: vote } of entry.evidence.envelopes) {
          if (vote.verb !== 'ATTEST' && vote.verb !== 'REJECT') continue;
          const verdict = vote.verb === 'ATTEST' ? 'pass' : vote.body.verdict;
          committeeOf(`result/${payload.body.commit}`).votes.set(vote.from, { ballot: vote.body.ballot, verdict });
        }
      for (const event of events) {
        if (event.type === 'need_opened') requesters.set(event.need, event.requester);
        else if (event.type === 'committed') workers.set(event.commit, { worker: event.worker, need: event.need });
        else if (event.type === 'seated') {
          const { subject, did, ballot, draw } = event;
          const committee = committeeOf(subject);
          for (const [other, seat] of committee.seated)
            if (seat.ballot === ballot && related(did, other)) fault('P6', `${did} sits twice on ${subject}`);
          committee.seated.set(did, { ballot });
          if (draw === 0) committee.first.set(ballot, (committee.first.get(ballot) ?? 0) + 1);
          const parties = workers.get(subject.replace('result/', ''));
          if (
            subject.startsWith('result/') &&
            [parties?.worker, requesters.get(parties?.need ?? '')].some((party) => related(did, party))
          )
            fault('P6', `${did} judges ${subject}, and is a party's`);
        } else if (event.type === 'certified') {
          const { first, seated, votes } = committeeOf(`result/${event.commit}`);
          const matching = [...votes].filter(
            ([did, { ballot, verdict }]) =>
              ballot === event.ballot && verdict === event.verdict && seated.get(did)?.ballot === ballot,
          );
          const k = ((first.get(event.ballot) ?? 0) + 1) / 2;
          if (matching.length < k) fault('P6', `${event.commit} is certified by ${matching.length} votes of ${k}`);
        }
      }
    },
  };
}
