import { seeded } from '@canswarm/agent-testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PLANTS, plant } from './planted/plants.ts';
import { APACHE, BSD2, BSD3, GPL3, ISC, MIT } from './support/licence-words.ts';
import { project } from './support/projects.ts';
import { reasonsAgainst, work } from './support/work.ts';

const expression = fc.constantFrom(
  ...[
    'MIT',
    'ISC',
    '(MIT OR Apache-2.0)',
    'GPL-3.0-or-later',
    'MIT AND BSD-3-Clause',
    'GPL-2.0+ WITH Classpath-exception-2.0',
  ],
  ...['nothing', '', 'UNLICENSED', 'MIT OR', 'LicenseRef-a'],
);
const said = fc.oneof(
  { weight: 3, arbitrary: expression },
  fc.record({ type: expression }),
  fc.array(fc.oneof(expression, fc.record({ type: expression })), { maxLength: 3 }),
  fc.jsonValue({ maxDepth: 2 }),
);
const manifest = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record(
      { name: fc.constantFrom('a', 'b'), version: fc.constantFrom('1.0.0', '2'), license: said },
      { requiredKeys: [] },
    ),
  },
  fc.record({ licenses: said }),
  fc.string(),
  fc.constant(undefined),
);
const text = fc.array(fc.oneof(fc.constantFrom(MIT, ISC, BSD2, BSD3, APACHE, GPL3), fc.string()), { maxLength: 3 });
const file = fc.constantFrom('LICENSE', 'LICENCE.md', 'COPYING', 'NOTICE', 'UNLICENSE', 'README', 'license-mit');
const entry = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record(
      {
        version: fc.constantFrom('1.0.0', '2'),
        license: said,
        dev: fc.boolean(),
        link: fc.boolean(),
        name: fc.constantFrom('a', 'c'),
      },
      { requiredKeys: ['version'] },
    ),
  },
  fc.jsonValue({ maxDepth: 1 }),
);
const path = fc.oneof(
  fc.constantFrom(
    'node_modules/a',
    'node_modules/b',
    'node_modules/@x/a',
    'packages/a',
    'node_modules/a/node_modules/b',
  ),
  fc.string({ unit: 'binary' }).map((tail) => `node_modules/${tail}`),
);
const described = fc.record({
  entry,
  manifest,
  texts: fc.dictionary(
    file,
    text.map((parts) => parts.join('\n')),
  ),
});
const list = fc.array(fc.oneof(expression, fc.string({ maxLength: 20 })), { maxLength: 4 });
const asked = fc.record({ allow: list, deny: list, production: fc.boolean() }, { requiredKeys: [] });
const wellFormed = (name: string): boolean => name.isWellFormed() && !name.includes('\u0000');

it('passes what was done honestly, and not what was changed, whatever the project', async () => {
  const kinds = Object.values(PLANTS);
  let planted = 0;
  await fc.assert(
    fc.asyncProperty(
      asked,
      fc.dictionary(path.filter(wellFormed), described, { maxKeys: 6 }),
      fc.nat(),
      async (value, packages, seed) => {
        const made = project(value, packages);
        const done = await work(made.value, made.files);
        expect(await done.evaluate()).toEqual({ verdict: 'pass', reasons: [] });
        const draw = seeded(seed);
        const kind = kinds[draw(kinds.length)];
        const wrong = kind === undefined ? undefined : plant(done.output, kind, draw);
        if (wrong === undefined) return;
        planted += 1;
        expect(await reasonsAgainst(done.input, wrong)).not.toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
  expect(planted).toBeGreaterThan(100);
});
