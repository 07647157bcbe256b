import { commitRow } from '../committees.ts';
import type { Part } from '../part.ts';
import { liveSeals, finalize as makeFinal } from '../verdicts.ts';

export const finalize: Part<'FINALIZE'> = {
  verb: 'FINALIZE',
  *faults(model, { body }) {
    const commit = model.commits.find(({ id, settled }) => id === body.commit && !settled);
    if (commit === undefined) return yield 'commit_unknown';
    if (commit.verdict !== 'pass' || commit.final) yield 'not_verified';
    if (!commit.windowClosed) yield 'window_open';
    if (liveSeals(model, commit.id).length > 0) yield 'challenge_open';
  },
  follow: (model, { body }) => makeFinal(model, commitRow(model, body.commit)),
};
