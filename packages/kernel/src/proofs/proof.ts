import {
  type ArtifactRef,
  type Cid,
  checkCitation,
  checkSchema,
  type DagValue,
  decodeCbor,
  encodeBody,
  equalBytes,
  lookup,
  type ProofClass,
  parseAcceptance,
  schemaFor,
} from '@canswarm/protocol';
import type { Context } from '../context.ts';
import { isOfEndedLife } from '../history.ts';
import { resultSubject } from '../need-life.ts';
import { countStatements } from '../policy/count-statements.ts';
import { askMeasured } from '../policy/measured-work.ts';
import { readResultVote } from '../rules/result-vote.ts';
import { readSeal } from '../seals.ts';
import type { Commit } from '../state.ts';
import { resultCommittee } from '../verdict.ts';
import { twoHeads } from './heads.ts';
import { dismissed, type Judgement, type Opened, upheld } from './judgement.ts';
import { planEquivocation, worseBid } from './plan-proof.ts';
import { leafOf, stepHash, stepLeaf, totalLeaves } from './steps.ts';

/** A proof against a result or a vote on it. */
type OpenedCommit = Opened & { readonly commit: Commit };

type CommitJudge = (context: Context, opened: OpenedCommit) => Judgement;

/** Judges a proof from the commit's own blocks. The challenger chooses where to look, never what stands there. */
export function judgeProof(context: Context, opened: Opened): Judgement {
  const { commit, body } = opened;
  if (commit !== null) return JUDGES[body.class](context, { ...opened, commit });
  return body.class === 'equivocation' ? planEquivocation(context, opened) : worseBid(context, opened);
}

/** The record that the claim points at, found by its path from an output of the commit. */
function claimedRecord({ commit, body, evidence }: OpenedCommit): { cid: Cid; value: DagValue } | string {
  const claim = body.opening?.claim;
  const output = claim === undefined ? undefined : commit.outputs[claim.output];
  if (claim === undefined || output === undefined) return 'no such output';
  const found = lookup(output.cid, claim.key, (cid) => evidence.blocks.get(cid));
  if (found.status !== 'found') return `output path is ${found.status}`;
  const bytes = evidence.blocks.get(found.entry.cid);
  if (bytes === undefined) return 'the record is not shown';
  const decoded = decodeCbor(bytes);
  if (!decoded.ok) return 'the record is no DAG-CBOR';
  return { cid: found.entry.cid, value: decoded.value };
}

const schemaViolation: CommitJudge = (context, opened) => {
  const record = claimedRecord(opened);
  if (typeof record === 'string') return dismissed(record);
  const bytes = opened.evidence.blocks.get(opened.need.body.acceptance);
  if (bytes === undefined) return dismissed('the acceptance is not shown');
  const parsed = parseAcceptance(bytes);
  const key = opened.body.opening?.claim.key ?? '';
  const schema = parsed.ok ? schemaFor(parsed.acceptance, key) : undefined;
  if (schema === undefined) return dismissed('the acceptance names no schema for this record');
  const checked = checkSchema(schema, record.value, context.state.params.proofGas);
  if (checked.ok) return dismissed('the record fits its schema');
  return 'outOfGas' in checked ? dismissed('out of gas') : upheld(`${key}${checked.path}: ${checked.reason}`);
};

const missingCitation: CommitJudge = (context, opened) => {
  const record = claimedRecord(opened);
  if (typeof record === 'string') return dismissed(record);
  const { inputs } = opened.need;
  const checked = checkCitation(record.value, inputs, (cid) => opened.evidence.blocks.get(cid), context.sha256);
  // A record that does not claim to cite is for its schema to judge.
  if (checked.status === 'false' && checked.reason === 'not_a_citation') return dismissed('the record is no citation');
  if (checked.status === 'false') return upheld(checked.reason);
  return dismissed(checked.status === 'true' ? 'the words stand there' : `the proof is ${checked.status}`);
};

/** What the policy was asked about the COMMIT, with what the result states; shown is all that it takes to count that. */
const policyViolation: CommitJudge = (context, { commit, need, evidence }) => {
  const { asked, outputs } = commit;
  if (asked === undefined) return dismissed('no policy was asked about it');
  const about = { outputs, inputs: need.inputs, acceptance: need.body.acceptance };
  const stated = countStatements(about, (cid) => evidence.blocks.get(cid), context.sha256);
  if (stated.status !== 'found') return dismissed(`what the result states is ${stated.status}`);
  const { statements, cited } = stated;
  const { allow, reasons } = askMeasured(asked, [{ statements, cited }]).decision;
  const found = `${cited} of ${statements} statements are cited`;
  if (allow) return dismissed(`the policy allows that ${found}`);
  const [first] = reasons;
  return upheld(first === undefined ? found : `${found}: ${first.rule} ${first.code}`);
};

const equivocation: CommitJudge = (context, opened) => {
  const [first, second] = opened.evidence.envelopes;
  if (first === undefined || second === undefined || opened.evidence.envelopes.length !== 2)
    return dismissed('two votes are due');
  const seat = resultCommittee(context, opened.commit).seats.find((candidate) => candidate.did === first.payload.from);
  if (seat === undefined || second.payload.from !== seat.did) return dismissed('not two votes of one seat');
  const [a, b] = [first.payload, second.payload];
  const { network } = context.state;
  if (a.network !== network || b.network !== network) return dismissed('of another network');
  if (isOfEndedLife(context.state, a) || isOfEndedLife(context.state, b)) return dismissed('of a life that ended');
  if (twoHeads(a, b)) return upheld('two heads for one position', seat);
  const [one, other] = [readResultVote(first) ?? readSeal(first), readResultVote(second) ?? readSeal(second)];
  if (one === null || other === null) return dismissed('not votes on a result');
  const same =
    one.subject === resultSubject(opened.commit.id) &&
    other.subject === one.subject &&
    one.ballot === other.ballot &&
    one.draw === other.draw;
  if (!same || one.ballot !== seat.ballot || one.draw !== seat.draw)
    return dismissed('not the same subject, ballot and draw');
  if ((a.verb === 'SEAL') !== (b.verb === 'SEAL')) return dismissed('a vote and its seal');
  if (a.verb === b.verb && equalBytes(encodeBody(a), encodeBody(b))) return dismissed('the same vote twice');
  return upheld('two votes in one ballot and draw', seat);
};

const falseDigest: CommitJudge = (context, opened) => {
  const [vote] = opened.evidence.envelopes;
  const step = opened.body.opening?.claim.step ?? -1;
  const committee = resultCommittee(context, opened.commit);
  const seat = committee.seats.find((candidate) => candidate.vote !== null && candidate.vote.id === vote?.id);
  if (vote === undefined || seat === undefined) return dismissed('not a recorded vote');
  if (seat.vote?.verdict === 'undecidable') return dismissed('who could not judge claims no leaf');
  const { payload } = vote;
  const said = payload.verb === 'ATTEST' || payload.verb === 'REJECT' ? payload.body.steps[step] : undefined;
  const seed = committee.seeds[seat.draw]?.seed;
  if (said === undefined || seed === undefined) return dismissed('no such step');
  const artifacts: readonly ArtifactRef[] = [...opened.need.inputs, ...opened.commit.outputs];
  const index = stepLeaf(context.sha256, seed, seat.did, step, totalLeaves(artifacts));
  const leaf = leafOf(artifacts, index, (cid) => opened.evidence.blocks.get(cid));
  if (leaf.status !== 'found') return dismissed(`leaf ${index} is ${leaf.status}`);
  const due = stepHash(context.sha256, seat.did, opened.commit.id, step, leaf.bytes);
  if (equalBytes(due, said)) return dismissed('the step is right');
  return upheld(`step ${step} over leaf ${index} is not what the leaf gives`, seat);
};

const JUDGES: Readonly<Record<ProofClass, CommitJudge>> = {
  schema_violation: schemaViolation,
  missing_citation: missingCitation,
  policy_violation: policyViolation,
  equivocation,
  false_digest: falseDigest,
  worse_bid: () => dismissed('a result has no bids'),
};
