import { reject } from '../context.ts';
import { finalize } from '../verdict.ts';
import type { Rule } from './rule.ts';

/** FINALIZE: after the challenge window with nothing open. Spec: `spec/04-verbs.md`, FINALIZE. */
export const judgeFinalize: Rule<'FINALIZE'> = (context, { payload }) => {
  const { state } = context;
  const commit = state.commits.get(payload.body.commit);
  // 1 commit_unknown
  if (commit === undefined) return reject('commit_unknown', { commit: payload.body.commit });
  // 2 not_verified: certified as passing, not overturned, not final already
  if (commit.verdict !== 'pass' || commit.overturned || commit.final) {
    return reject('not_verified', { verdict: commit.verdict, overturned: commit.overturned, final: commit.final });
  }
  // 3 window_open
  if (!commit.windowClosed) {
    const closesAt = state.timers.started.get(`window:${commit.id}`) ?? null;
    return reject('window_open', { time: state.time, closesAt });
  }
  // 4 challenge_open
  const open = state.challenges.get(commit.id)?.length ?? 0;
  if (open > 0) return reject('challenge_open', { open });
  return () => finalize(context, commit);
};
