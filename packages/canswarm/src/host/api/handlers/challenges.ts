import type { Output } from '@canswarm/api';
import {
  appealTimer,
  type Commit,
  type Disputed,
  disputeOf,
  jurySubject,
  type Need,
  nextHearing,
  type State,
  sealBond,
} from '@canswarm/kernel';
import { findingBlocks, policyViolation } from '@canswarm/node';
import type { Finding } from '@canswarm/ports';
import {
  BLOCK_BYTES_MAX,
  type CommitId,
  type Did,
  type EnvelopeId,
  type Evidence,
  isJuryClass,
  parseCid,
} from '@canswarm/protocol';
import { challengeSheet } from '../../../need/challenge-sheet.ts';
import { HostError } from '../../host-error.ts';
import type { KnownChallenge } from '../../need-book.ts';
import type { HostParts } from '../../run-host.ts';
import { appliedAs, sayApplied, signed } from '../../say-applied.ts';
import type { ApiHandlers, ApiOptions } from '../handler-types.ts';
import { keyOf } from './ledger.ts';

const BLOCK_LIMITS = { deadlineMs: 10_000, maxBytes: BLOCK_BYTES_MAX } as const;

type Told = Output<'challenge'>;
type Asked = Parameters<ApiHandlers['openChallenge']>[0]['body'];

/** What is said against results, and who decides. */
export function challengeHandlers({
  parts,
}: ApiOptions): Pick<ApiHandlers, 'challenges' | 'challenge' | 'openChallenge' | 'appealChallenge' | 'judgeChallenge'> {
  const { node } = parts;
  return {
    challenges: () => challengesFor(parts),
    challenge: ({ id }) => told(parts, knownOf(parts, id)),
    openChallenge: async ({ body }) => told(parts, knownOf(parts, await open(parts, body))),
    async appealChallenge({ id, body: { by } }) {
      const did = keyOf(parts, by);
      const known = knownOf(parts, id);
      const commit = known.subject as string as CommitId;
      await sayApplied(node, did, { verb: 'APPEAL', body: { commit, challenge: known.id } }, known.need);
      return told(parts, known);
    },
    async judgeChallenge({ id, body: { by, verdict, reasons } }) {
      const did = keyOf(parts, by);
      const { challenge, commit } = disputeNamed(parts, id);
      const { instance } = challenge.dispute;
      const { ballot, draw } = placeOf(node.state, challenge, did);
      const subject = jurySubject(challenge.id, instance);
      const body = { commit: commit.id, challenge: challenge.id, instance, ballot, draw, verdict, reasons };
      const guard = `vote/${subject}/${ballot}/${draw}/${did}`;
      const said = { verb: 'JUDGE', body } as const;
      const vote = await signed('JUDGE', () => node.vote(did, said, commit.need, guard));
      if (vote === null)
        throw new HostError('refused', `${by} has said what it found already`, 'A vote is said once and stands.');
      return { id: vote, by: did, challenge: challenge.id, instance, verdict };
    },
  };
}

function knownOf({ book }: HostParts, id: string): KnownChallenge {
  const known = book.challenge(id);
  if (known !== undefined) return known;
  const hint = 'Live ones are listed by: canswarm challenge list. Those of needs long settled are no longer kept.';
  throw new HostError('not_found', `there is no challenge ${id}`, hint);
}

function disputeNamed(parts: HostParts, id: string): { readonly challenge: Disputed; readonly commit: Commit } {
  const known = knownOf(parts, id);
  const { state } = parts.node;
  const challenge = disputeOf(state, known.subject, known.id);
  const commit = state.commits.get(known.subject as string as CommitId);
  if (challenge !== undefined && commit !== undefined) return { challenge, commit };
  const hint = `See what came of it: canswarm challenge show ${known.id}`;
  throw new HostError('refused', 'nobody hears this challenge now', hint);
}

/** Where a key sits among those that hear a dispute now. */
function placeOf(
  state: State,
  { id, dispute }: Disputed,
  did: Did,
): { readonly ballot: number; readonly draw: number } {
  const committee = state.committees.get(jurySubject(id, dispute.instance));
  const seat = committee?.seats.find((one) => one.did === did && one.status === 'seated');
  const who = committee?.drawn === false ? 'the arbiters' : 'the jurors';
  if (committee === undefined || seat === undefined)
    throw new HostError(
      'refused',
      `${did} is none of ${who} who hear it`,
      `See who does: canswarm challenge show ${id}`,
    );
  const answer = `answer:${committee.subject}` as const;
  if (runs(state, answer)) return { ballot: seat.ballot, draw: seat.draw };
  throw new HostError('refused', 'it is not the time to answer', `See when it is: canswarm challenge show ${id}`);
}

const runs = ({ timers }: State, timer: Parameters<State['timers']['cancel']>[0]): boolean =>
  timers.started.has(timer) || timers.unstarted.has(timer);

/** Lays a seal; its id. The node opens it by duty. */
async function open({ node, content, crypto, ...parts }: HostParts, asked: Asked): Promise<EnvelopeId> {
  const did = keyOf({ node, content, crypto, ...parts }, asked.by);
  const commit = node.state.commits.get(asked.commit as CommitId);
  const need = commit === undefined ? undefined : node.state.needs.get(commit.need);
  if (parseCid(asked.commit) === undefined || commit === undefined || need === undefined) {
    const hint = 'Results that can be challenged are listed by: canswarm challenge list';
    throw new HostError('not_found', `there is no result ${asked.commit} that is not settled`, hint);
  }
  const { class: kind, output, key } = asked;
  const claim = { output, key, step: 0 } as const;
  const evidence = isJuryClass(kind)
    ? null
    : await proofOf({ class: kind, claim }, need, commit, { content, crypto }).catch((error: unknown) => {
        if (error instanceof HostError) throw error;
        const hint = 'Is --output one that the result has? Its blocks must be had by this node.';
        throw new HostError('refused', `the proof cannot be made: ${String(error)}`, hint);
      });
  const about = { need: need.id, subject: commit.id, class: kind, claim, evidence } as const;
  const { entry } = await appliedAs(node, did, 'CHALLENGE', () => node.challenge(did, about));
  return entry.envelope.id;
}

/** What an opening shows. Rejects with a HostError where there is nothing to show, and with a ContentError where a block lacks. */
async function proofOf(
  {
    class: kind,
    claim,
  }: Parameters<typeof findingBlocks>[0] | (Pick<Finding, 'claim'> & { class: 'policy_violation' }),
  need: Need,
  commit: Commit,
  { content, crypto }: Pick<HostParts, 'content' | 'crypto'>,
): Promise<Evidence> {
  if (kind !== 'policy_violation') {
    const blocks = await findingBlocks({ class: kind, claim }, need, commit, content, crypto.sha256);
    return { envelopes: [], blocks: [...blocks].map(([cid, bytes]) => ({ cid, bytes })) };
  }
  if (commit.asked === undefined)
    throw new HostError(
      'refused',
      'no policy was asked about this result',
      'Networks without a policy have nothing that a result could violate.',
    );
  const evidence = await policyViolation(commit, need, (cid) => content.get(cid, BLOCK_LIMITS), crypto.sha256);
  if (evidence !== null) return evidence;
  const hint =
    'A challenge would be dismissed, and its bond lost. What no block proves a jury hears: --class wrong_output';
  throw new HostError('refused', 'no block proves that the policy denies what this result states', hint);
}

/** A challenge as the log has told it, and where it stands now. */
function told({ node, book, looks }: HostParts, known: KnownChallenge): Told {
  const { state } = node;
  const { timers } = state;
  const live = (state.challenges.get(known.subject) ?? []).find(({ id }) => id === known.id);
  const dispute = live?.dispute == null ? undefined : disputeOf(state, known.subject, known.id);
  const lines = book.events(known.story).filter(({ position }) => position >= known.position);
  const sheet = challengeSheet(known, lines);
  const commit = state.commits.get(known.subject as string as CommitId);
  const next = dispute === undefined || commit === undefined ? null : nextHearing(state, commit, dispute);
  const appealable = dispute !== undefined && runs(state, appealTimer(known.id));
  const present = live === undefined ? (sheet.ended ?? 'moot') : dispute === undefined ? 'sealed' : 'heard';
  const answer = dispute === undefined ? null : (`answer:${jurySubject(known.id, dispute.dispute.instance)}` as const);
  return {
    id: known.id,
    needId: known.need,
    subject: known.subject,
    class: known.class,
    challenger: known.challenger,
    name: looks.nameOf(known.challenger),
    state: present,
    reason: sheet.reason,
    bond: live?.bond ?? null,
    opensBy: timers.started.get(`opening:${known.id}`) ?? null,
    answersBy: answer === null ? null : (timers.started.get(answer) ?? null),
    appealBy: timers.started.get(appealTimer(known.id)) ?? null,
    appealBond: appealable ? (next?.bond ?? null) : null,
    appealTo: appealable ? (next?.by ?? null) : null,
    instances: sheet.instances.map(({ votes, appellant, ...one }) => ({
      ...one,
      appellant: appellant as Did | null,
      votes: votes.map(({ seat, verdict, reasons }) => ({
        seat,
        name: looks.nameOf(seat),
        verdict,
        reasons: [...reasons],
      })),
    })),
  };
}

function challengesFor(parts: HostParts): Output<'challenges'> {
  const { state } = parts.node;
  const { position, time, commits, needs, timers } = state;
  const results = [...commits.values()].flatMap((commit) => {
    const need = needs.get(commit.need);
    if (need === undefined) return [];
    const { id, bid, verdict } = commit;
    return {
      commit: id,
      needId: need.id,
      worker: bid.worker,
      name: parts.looks.nameOf(bid.worker),
      verdict,
      closesAt: timers.started.get(`window:${id}`) ?? null,
      heldUntil: timers.started.get(`hold:${id}`) ?? null,
      bonds: bondsOf(state, need, commit),
      challenges: (state.challenges.get(id) ?? []).flatMap((one) => {
        const known = parts.book.challenge(one.id);
        return known === undefined ? [] : told(parts, known);
      }),
    };
  });
  return { position, logTime: time, results };
}

function bondsOf(state: State, need: Need, commit: Commit): { readonly proof: number; readonly jury: number } {
  const live = (state.challenges.get(commit.id) ?? []).length;
  const target = { need, commit };
  return {
    proof: sealBond(state, 'missing_citation', target, live),
    jury: sealBond(state, 'wrong_output', target, live),
  };
}
