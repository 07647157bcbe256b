import type { Example } from '@canswarm/agent';

const SOURCE = `Item ;Price;Bought
 lamp;1.250,50;3 May 2024
desk;NA;14/05/2024
;;
desk;NA;14/05/2024
`;

const PATCHES = [
  { row: 1, column: 1, rule: 'header', before: 'Item ', after: 'Item' },
  { row: 2, column: 1, rule: 'trim', before: ' lamp', after: 'lamp' },
  { row: 2, column: 2, rule: 'number', before: '1.250,50', after: '1250.50' },
  { row: 2, column: 3, rule: 'date', before: '3 May 2024', after: '2024-05-03' },
  { row: 3, column: 2, rule: 'empty', before: 'NA', after: '' },
  { row: 3, column: 3, rule: 'date', before: '14/05/2024', after: '2024-05-14' },
  { row: 4, drop: 'empty' },
  { row: 5, drop: 'duplicate', of: 3 },
];

/** A small table with the result that is due. */
export const example: Example = {
  input: { file: 'shop.csv' },
  files: { 'shop.csv': SOURCE },
  output: {
    status: 'cleaned',
    file: 'shop.csv',
    delimiter: ';',
    rowsIn: 4,
    rowsOut: 2,
    dropped: { empty: 1, duplicate: 1, fields: 0 },
    patches: PATCHES.length,
    changes: { header: 1, fit: 0, trim: 1, collapse: 0, empty: 1, date: 2, number: 1 },
    columns: [
      { name: 'Item', kind: 'text', unclear: 0 },
      { name: 'Price', kind: 'number', unclear: 0 },
      { name: 'Bought', kind: 'date', unclear: 0 },
    ],
    totals: [{ column: 2, before: '1250.5', dropped: '0', after: '1250.5' }],
    formulas: 0,
  },
  outputFiles: {
    'cleaned.csv': 'Item,Price,Bought\nlamp,1250.50,2024-05-03\ndesk,,2024-05-14\n',
    'patches.jsonl': PATCHES.map((patch) => `${JSON.stringify(patch)}\n`).join(''),
  },
};
