import { ANYTHING, type WorkCase } from './work-case.ts';

const GARBAGE = Uint8Array.from({ length: 65_536 }, (_, index) => (index * 7_919 + (index >> 3)) % 256);
const LINE = 'x'.repeat(10_000_000);
const FORMULAS = 'name,note\n=1+1,"=cmd|\' /C calc\'!A0"\n@SUM(A1),+49\n';
const TABLE = 'id,name\n1,lamp\n2,desk\n';
const KEYED = { left: 'left', right: 'right', keys: ['id'] };
const CELLS = { rows: 'tr', fields: [{ name: 'x', selector: 'td' }] };
const DEPTH = 20_000;
const COLUMNS = 100_000;

type Row = readonly [name: string, content: Uint8Array | string, shows: RegExp];
type Build = (content: Uint8Array | string) => Pick<WorkCase, 'input' | 'files'>;

const cases = (skill: string, ends: WorkCase['ends'], build: Build, rows: readonly Row[]): readonly WorkCase[] =>
  rows.map(([name, content, shows]) => ({
    ...build(content),
    name: `${skill}: ${name}`,
    skill,
    ends,
    shows,
    slice: name === 'binary garbage',
  }));

const table: Build = (content) => ({ input: {}, files: { 't.csv': content } });
const pair: Build = (content) => ({ input: KEYED, files: { left: content, right: TABLE } });
const page: Build = (content) => ({ input: CELLS, files: { 'a.html': content } });
const lock: Build = (content) => ({ input: { deny: ['GPL-3.0-only'] }, files: { 'package-lock.json': content } });

const LOCK = `{"lockfileVersion":3,"packages":{"":{},
  "node_modules/../../../etc/passwd":{"version":"1.0.0","license":"MIT"},
  "node_modules/__proto__":{"version":"1.0.0","license":"MIT"},
  "__proto__":{"version":"2.0.0"},
  "node_modules/constructor":{"version":"1.0.0","license":"GPL-3.0-only"},
  "node_modules/\\u0000":{"version":"1.0.0"},
  "node_modules/x":null}}`;

/** Inputs made to do harm: what they come to is said clearly, and nothing breaks. */
export const hostileCases: readonly WorkCase[] = [
  ...cases('table-clean', 'final', table, [
    ['empty', '', /"code":"empty"/],
    ['binary garbage', GARBAGE, /"status":"unusable"/],
    ['one line of 10 MB', LINE, /"code":"too_long_field"/],
    ['quotes unbalanced', 'a,b\n1,"2\n3,4', /"code":"quotes"/],
    ['formulas', FORMULAS, /"formulas":3/],
    ['a hundred thousand columns', 'a,'.repeat(COLUMNS), /"code":"too_many_columns"/],
  ]),
  ...cases('reconcile', 'final', pair, [
    ['empty', '', /"code":"empty"/],
    ['binary garbage', GARBAGE, /"status":"unusable"/],
    ['one line of 10 MB', LINE, /"code":"too_long_field"/],
    ['quotes unbalanced', 'id,b\n1,"2\n3,4', /"code":"quotes"/],
    ['formulas', `id,name\n=1+1,@x\n`, /"formulas":[1-9]/],
    ['a hundred thousand columns', 'id,'.repeat(COLUMNS), /"code":"too_many_columns"/],
    ['a key that is no column', 'x,y\n1,2\n', /"code":"no_such_column"/],
  ]),
  ...cases('html-extract', 'final', page, [
    ['empty', '', /"total":0/],
    ['binary garbage', GARBAGE, /"reason":"not_utf8"/],
    ['one line of 10 MB', LINE, /"reason":"too_large"/],
    ['quotes unbalanced', '<table><tr><td title="a>x<td>y', /"total":[01]\b/],
    ['nested deep', `${'<div>'.repeat(DEPTH)}<table><tr><td>x`, /"unusable":\[/],
    ['formulas', '<table><tr><td>=cmd|calc<tr><td>@x', /"total":2/],
    ['a hundred thousand columns', `<table><tr>${'<td>x'.repeat(COLUMNS)}`, ANYTHING],
  ]),
  ...cases('licence-audit', 'refunded', lock, [
    ['empty', '', /package-lock\.json/],
    ['binary garbage', GARBAGE, /package-lock\.json/],
    ['one line of 10 MB', LINE, /package-lock\.json/],
    ['nested deep', `{"lockfileVersion":3,"packages":${'{"a":'.repeat(DEPTH)}`, /package-lock\.json/],
    ['another version', '{"lockfileVersion":1,"dependencies":{}}', /package-lock\.json|lockfileVersion/],
  ]),
  ...cases('licence-audit', 'final', lock, [['paths that lead out', LOCK, /"packages":[1-9][\s\S]*"unusable":\[\{/]]),
];
