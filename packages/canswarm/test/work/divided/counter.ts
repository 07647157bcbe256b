import { type Agent, defineAgent } from '@canswarm/agent';
import { sumHalf } from './skills.ts';
import { rowsOf, sumOf } from './sums.ts';

/** Sums the half that its task's goal names. */
export const counter = (name: string): Agent =>
  defineAgent({
    name,
    skills: [
      {
        ...sumHalf(null),
        price: 0.2,
        execute: ({ csv }, { goal }) => {
          const part = Number(goal?.replace('half ', ''));
          return { ...sumOf(rowsOf({ csv }, part)), part };
        },
      },
    ],
  });
