import { existsSync } from 'node:fs';
import type { Worked } from '@canswarm/agent-testing';
import type { JsonValue } from '@canswarm/ports';
import { Parser } from 'htmlparser2';
import { describe, expect, it } from 'vitest';
import type { Extraction } from '../src/work/result.ts';
import { DOCUMENTS, installed, systemDocuments } from './support/pages.ts';
import { reasonsAgainst, work } from './support/work.ts';

const ASKED: readonly JsonValue[] = [
  {},
  { tables: true },
  { rows: 'tr', fields: [{ name: 'first', selector: 'td:first-child, th:first-child' }, { name: 'row' }] },
  {
    rows: 'a[href]:not([href^="#"])',
    fields: [
      { name: 'text', required: true },
      { name: 'to', attribute: 'href', type: 'url' },
    ],
  },
  { rows: 'li, p, dd', fields: [{ name: 'text' }] },
];

/** Start tags of a file by where they begin, as another parser sees them: names, and where they end. */
function startTags(text: string): ReadonlyMap<number, string> {
  const tags = new Map<number, string>();
  const parser = new Parser({
    onopentagname: (name) => tags.set(Buffer.byteLength(text.slice(0, parser.startIndex)), name),
  });
  parser.end(text);
  return tags;
}

/** Places of an output's rows and cells, with the name of the last step of their paths. */
async function placesOf({ output }: Worked): Promise<readonly { readonly start: number; readonly name: string }[]> {
  const places: { start: number; name: string }[] = [];
  for (const name of output.files.names().filter((one) => one.endsWith('selectors.json'))) {
    const { rows } = JSON.parse(await output.files.text(name));
    for (const row of rows)
      for (const place of [row, ...row.cells])
        if (place !== null && place.start !== null && place.path !== ':scope')
          places.push({ start: place.start, name: /([a-z0-9*-]+)[^>]*$/.exec(place.path)?.[1] ?? '' });
  }
  return places;
}

describe('HTML that others wrote', () => {
  it.each(Object.entries(installed()))('%s', async (name, bytes) => {
    const tags = startTags(new TextDecoder().decode(bytes));
    for (const value of ASKED) {
      const worked = await work(value, { [name]: bytes });
      expect(await worked.evaluate()).toEqual({ verdict: 'pass', reasons: [] });
      for (const place of await placesOf(worked)) expect(tags.get(place.start)).toBe(place.name);
    }
  });

  it('gives what a reader sees in it', async () => {
    const name = 'node_modules/okapibm25/coverage/index.html';
    const { [name]: bytes = new Uint8Array(0) } = installed();
    const fields = [
      { name: 'File', required: true },
      { name: 'Statements' },
      { name: 'of', selector: 'td:nth-child(4)' },
    ];
    const worked = await work({ fields }, { [name]: bytes });
    expect((worked.output.value as unknown as Extraction).rows).toEqual([['BM25.ts', '100%', '30/30']]);
  });

  it.skipIf(!existsSync(DOCUMENTS))('documents of the system', async () => {
    let rows = 0;
    for (const { name, bytes } of systemDocuments(40)) {
      for (const value of ASKED) {
        const { input, output } = await work(value, { [name]: bytes });
        expect(await reasonsAgainst(input, output)).toEqual([]);
        rows += (output.value as unknown as Extraction).total;
      }
    }
    expect(rows).toBeGreaterThanOrEqual(0);
  });
});
