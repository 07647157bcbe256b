import { type Content, type Planted, plantOnDesks } from '@canswarm/agent-testing';
import { deskFor } from './desk.ts';
import { madeTables } from './made-tables.ts';
import { PLANTS } from './wrong-results.ts';

const ROWS = 24;

/** Plants wrong results over the given inputs and over tables made by chance. */
export const plantAll = (count: number, seed: number, given: readonly Content[]): Promise<Planted> =>
  plantOnDesks(count, seed, { given, make: (chance) => madeTables(chance, ROWS), deskFor, kinds: PLANTS });
