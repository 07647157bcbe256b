import type { ChallengeBody, VerifiedEntry, VerifiedEnvelope } from '@canswarm/protocol';
import { sealSpoken, spoken } from './evidence.ts';
import type { CommitRow, CommitteeRow, Model, SeatRow } from './tables.ts';
import { juryOf } from './verdicts.ts';

/** What a proof is worth; `seat` is who it is against, null if it is against the result. */
export interface Worth {
  readonly upheld: boolean;
  readonly seat: SeatRow | null;
}

/** The record of every result that can be broken. */
export const RECORD = 's/0001';

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Whether two envelopes of one seat are two votes in its ballot and draw, or two heads for one position. */
function contradict(
  committee: CommitteeRow,
  seat: SeatRow,
  first: VerifiedEnvelope,
  second: VerifiedEnvelope,
): boolean {
  const [a, b] = [first.payload, second.payload];
  const place = ({ head }: typeof a): unknown => [head.incarnation, head.position];
  if (same(place(a), place(b)) && !same([...a.head.digest], [...b.head.digest])) return true;
  const due = [committee.subject, seat.ballot, seat.draw];
  const votes = [first, second].map((said) => spoken(said) ?? sealSpoken(said));
  if ((a.verb === 'SEAL') !== (b.verb === 'SEAL')) return false;
  if (!votes.every((said) => said !== null && same([said.subject, said.ballot, said.draw], due))) return false;
  const text = ({ verb, body }: typeof a): string =>
    JSON.stringify([verb, body], (_, value) => (value instanceof Uint8Array ? [...value] : value));
  return text(a) !== text(b);
}

/** Judges an opened challenge by what is so. */
export function proof(
  model: Model,
  commit: CommitRow,
  body: ChallengeBody,
  { envelopes, blocks }: VerifiedEntry['evidence'],
): Worth {
  const claim = body.opening?.claim;
  const jury = juryOf(model, commit);
  const [first, second] = envelopes;
  switch (body.class) {
    case 'wrong_output':
    case 'unavailable':
    case 'semantic_contradiction':
      throw new Error(`${body.class} is for a jury`);
    case 'schema_violation':
    case 'missing_citation': {
      const broken = model.truth.brokenBy(commit.outputs[claim?.output ?? -1]);
      return { upheld: broken === body.class && claim?.key === RECORD && blocks.size > 0, seat: null };
    }
    case 'false_digest': {
      const seat = jury.seats.find(({ vote }) => vote !== null && vote.id === first?.id) ?? null;
      const claims = seat?.vote != null && seat.vote.verdict !== 'undecidable' && (claim?.step ?? 16) < 16;
      return { upheld: claims && blocks.size > 0 && first !== undefined && !model.truth.isHonest(first.id), seat };
    }
    case 'equivocation': {
      const seat = jury.seats.find(({ did }) => did === first?.payload.from) ?? null;
      const pair = seat !== null && first !== undefined && second !== undefined && envelopes.length === 2;
      const ours = envelopes.every(({ payload }) => payload.network === model.network && payload.from === seat?.did);
      return { upheld: pair && ours && contradict(jury, seat, first, second), seat };
    }
  }
}
