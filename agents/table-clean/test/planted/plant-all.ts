import { type Planted, plantOnDesks } from '@canswarm/agent-testing';
import { deskFor, tableInput } from './desk.ts';
import { messyTable } from './messy-tables.ts';
import { PLANTS } from './wrong-results.ts';

const ROWS = 24;

/** Plants wrong results over the given tables and over messy ones made by chance. */
export const plantAll = (count: number, seed: number, tables: readonly Uint8Array[]): Promise<Planted> =>
  plantOnDesks(count, seed, {
    given: tables.map((table) => tableInput(table)),
    make: (chance) => tableInput(messyTable(chance, chance.below(ROWS))),
    deskFor,
    kinds: PLANTS,
  });
