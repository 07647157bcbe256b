import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Content } from '@canswarm/agent-testing';
import { tablesInput } from './desk.ts';

const NODE_MODULES = join(import.meta.dirname, '../../../../node_modules');
const table = (path: string): Uint8Array => new Uint8Array(readFileSync(join(NODE_MODULES, path)));

/** Tables that nobody of this project wrote, of packages that the lockfile pins, and what to reconcile them by. */
export const realTables = (): readonly { readonly name: string; readonly input: Content }[] => [
  {
    name: 'countries-list 2.6.1 and 3.4.1',
    input: tablesInput(table('countries-list-2/dist/countries.csv'), table('countries-list/countries.csv'), {
      keys: ['Code'],
    }),
  },
  {
    name: 'country-data and countries-list',
    input: tablesInput(table('country-data/data/countries.csv'), table('countries-list/countries.csv'), {
      keys: [{ left: 'alpha2', right: 'Code' }],
      compare: [
        { left: 'name', right: 'Name' },
        { left: 'currencies', right: 'Currency' },
      ],
      ignoreCase: true,
    }),
  },
  {
    name: 'currencies of country-data by their places',
    input: tablesInput(table('country-data/data/currencies.csv'), table('country-data/data/currencies.csv'), {
      keys: ['decimals'],
      compare: [{ left: 'number', tolerance: '0.5' }, 'code'],
    }),
  },
  {
    name: 'countries with those that are gone',
    input: tablesInput(table('country-data/data/countries.csv'), table('country-data/data/deleted_countries.csv'), {
      keys: ['name'],
    }),
  },
];
