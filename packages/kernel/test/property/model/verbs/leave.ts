import type { Part } from '../part.ts';

export const leave: Part<'LEAVE'> = {
  verb: 'LEAVE',
  *faults(model, { from }) {
    const row = model.members.get(from);
    if (row === undefined || row.tip === null || !row.active) yield 'member_unknown';
  },
  follow(model, { from }) {
    const row = model.members.get(from);
    if (row !== undefined) Object.assign(row, { active: false, left: true });
  },
};
