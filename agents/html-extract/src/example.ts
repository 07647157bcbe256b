import type { Example } from '@canswarm/agent';

const PLACE = 'html > body:nth-child(2) > ul:nth-child(1)';
const row = (nth: number, start: number) => {
  const bytes = { start, end: start + '<li>'.length };
  const path = `${PLACE} > li:nth-child(${nth})`;
  return { ...bytes, path, match: nth, source: 0, cells: [{ ...bytes, path: ':scope' }] };
};
const canonical = (place: object): string =>
  JSON.stringify(place, ['rows', 'cells', 'end', 'match', 'path', 'source', 'start']);

/** A case that passes: the items of a list. */
export const example: Example = {
  input: { rows: 'li', fields: [{ name: 'pot' }] },
  files: { 'pots.html': '<ul><li>kettle<li>pan</ul>' },
  output: {
    fields: ['pot'],
    rows: [['kettle'], ['pan']],
    total: 2,
    leftOut: 0,
    skipped: [],
    skippedTotal: 0,
    sources: [{ file: 'pots.html', kind: 'rows', path: null, start: null, matches: 2 }],
    tables: [],
    tablesLeftOut: 0,
    unusable: [],
  },
  outputFiles: {
    'rows.csv': 'pot\nkettle\npan\n',
    'rows.json': '{"fields":["pot"],"leftOut":0,"rows":[["kettle"],["pan"]],"skipped":[],"sources":["pots.html"]}',
    'selectors.json': canonical({ rows: [row(1, 4), row(2, 14)] }),
  },
};
