import { type Did, equalBytes, toHex, type VerifiedEnvelope } from '@canswarm/protocol';
import { type Rejection, reject } from '../context.ts';
import { beginLife } from '../lives.ts';
import { ownStake, stakeOf } from '../pool.ts';
import type { State } from '../state.ts';
import { stateRoot } from '../state-root.ts';
import type { Judged, Rule } from './rule.ts';

/** RESTART: two thirds of the stake have the log begin its next life where it stands. Spec: `spec/04-verbs.md`, RESTART. */
export const judgeRestart: Rule<'RESTART'> = (context, judged) => {
  const { state, sha256 } = context;
  const { head, body } = judged.payload;
  // 1 life_other: the next life, and no other
  if (body.incarnation !== state.incarnation + 1) return reject('life_other', { incarnation: state.incarnation });
  // 2 life_head: it begins right after the last entry; that the head is of our history was judged before
  if (head.position !== state.position) return reject('life_head', { head: head.position, position: state.position });
  const stakes = votingStakes(state);
  const unfit = judgeStatements(judged, stakes);
  if (unfit !== null) return unfit;
  // 6 stake_too_little: they hold two thirds of the stake
  const signed = sumOf(judged.entry.evidence.envelopes.map(({ payload }) => stakes.get(payload.from) ?? 0));
  const stake = sumOf(stakes.values());
  if (signed === 0n || 3n * signed < 2n * stake)
    return reject('stake_too_little', { signed: Number(signed), stake: Number(stake) });
  // 7 root_other: what they signed is the state there
  if (toHex(body.root) !== stateRoot(state, sha256)) return reject('root_other', { position: state.position });
  return () => {
    const { incarnation } = body;
    context.emit({ type: 'life_begun', incarnation, signed: Number(signed), stake: Number(stake) });
    beginLife(context);
  };
};

/** 3 statement_unfit, 4 verifier_only, 5 statement_twice: each says just what the entry does, by another verifier. */
function judgeStatements({ entry, payload }: Judged<'RESTART'>, stakes: ReadonlyMap<Did, number>): Rejection | null {
  const signers = new Set<Did>();
  for (const statement of entry.evidence.envelopes) {
    const { from } = statement.payload;
    if (!isStatementOf(statement, payload)) return reject('statement_unfit', { from, verb: statement.payload.verb });
    if (!stakes.has(from)) return reject('verifier_only', { from });
    if (signers.has(from)) return reject('statement_twice', { from });
    signers.add(from);
  }
  return null;
}

function isStatementOf(
  { payload: said }: VerifiedEnvelope,
  { network, head, body }: Judged<'RESTART'>['payload'],
): boolean {
  return (
    said.verb === 'ATTEST_STATE' &&
    said.network === network &&
    said.body.incarnation === body.incarnation &&
    equalBytes(said.body.root, body.root) &&
    said.head.incarnation === head.incarnation &&
    said.head.position === head.position &&
    equalBytes(said.head.digest, head.digest)
  );
}

/**
 * What each key weighs that may sign for a life to begin: the stake of verifiers that did not leave, with what others put behind it as far as that
 * counts. Who was silent counts too: else whoever moves log time while others are away would be all there is. Where there is none the
 * authority has the only word, as it has on time.
 */
export function votingStakes(state: State): ReadonlyMap<Did, number> {
  const stakes = new Map<Did, number>();
  for (const { did, left, tip } of state.members.values()) {
    const own = ownStake(state, did);
    if (!left && tip !== null && own >= state.params.minStake) stakes.set(did, stakeOf(state, did, own));
  }
  return stakes.size === 0 ? new Map([[state.authority, 1]]) : stakes;
}

const sumOf = (amounts: Iterable<number>): bigint => [...amounts].reduce((sum, amount) => sum + BigInt(amount), 0n);
