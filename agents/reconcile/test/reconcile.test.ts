import type { Content } from '@canswarm/agent-testing';
import type { JsonValue } from '@canswarm/ports';
import { describe, expect, it } from 'vitest';
import { agent } from '../src/index.ts';
import { deskFor, tablesInput } from './planted/desk.ts';

interface Found {
  readonly value: Readonly<Record<string, JsonValue>>;
  /** Records of a file without its header. */
  records(name: string): readonly string[];
}

const text = ({ files }: Content, name: string): string => new TextDecoder().decode(files.get(name));

/** Reconciles two tables and has the result judged, which must pass. */
async function reconcile(left: string, right: string, asked: Readonly<Record<string, JsonValue>>): Promise<Found> {
  const desk = await deskFor(tablesInput(left, right, asked));
  const result = await desk.work();
  expect(await desk.judge(result)).toEqual({ verdict: 'pass', reasons: [] });
  return {
    value: result.value as Found['value'],
    records: (name) => text(result, name).split('\n').slice(1, -1),
  };
}

const BY_ID = { keys: ['id'] };

describe('the example', () => {
  it('passes, and is what the agent makes of it', async () => {
    const { example } = agent.skills.reconcile.verification ?? {};
    if (example === undefined) throw new Error('there is no example');
    const files = (named: Readonly<Record<string, Uint8Array | string>> = {}): Content['files'] =>
      new Map(Object.entries(named).map(([name, content]) => [name, Buffer.from(content)]));
    const desk = await deskFor({ value: example.input as JsonValue, files: files(example.files) });
    const due = { value: example.output as JsonValue, files: files(example.outputFiles) };
    expect(await desk.judge(due)).toEqual({ verdict: 'pass', reasons: [] });
    const made = await desk.work();
    expect(made.value).toEqual(due.value);
    for (const name of due.files.keys()) expect(text(made, name)).toBe(text(due, name));
  });
});

describe('matching', () => {
  it('says what differs, and what only one table has, in the order of the tables', async () => {
    const { value, records } = await reconcile('id,a,b\n3,x,y\n1,x,y\n2,x,y\n', 'b;id;a\ny;1;x\nY;2;X\nq;9;q\n', BY_ID);
    expect(records('differences.csv')).toEqual(['4,3,2,a,x,X,', '4,3,2,b,y,Y,']);
    expect(records('only-left.csv')).toEqual(['3,x,y']);
    expect(records('only-right.csv')).toEqual(['q,9,q']);
    expect(value).toMatchObject({ matched: 2, equal: 1, different: 1, differences: 2, onlyLeft: 1, onlyRight: 1 });
  });

  it('takes keys of several columns, under other names', async () => {
    const keys = [
      { left: 'a', right: 'x' },
      { left: 'b', right: 'y' },
    ];
    const { value, records } = await reconcile('a,b,v\n1,11,p\n11,1,q\n', 'x,y,v\n11,1,q\n1,11,r\n', { keys });
    expect(records('differences.csv')).toEqual(['2,3,1,11,v,p,r,']);
    expect(value).toMatchObject({ matched: 2, onlyLeft: 0, onlyRight: 0 });
  });

  it('passes over white space and case as asked', async () => {
    const tables = ['id,v\n a ,x \n', 'id,v\nA,X\n'] as const;
    expect((await reconcile(...tables, { ...BY_ID, ignoreCase: true })).value).toMatchObject({ equal: 1 });
    expect((await reconcile(...tables, BY_ID)).value).toMatchObject({ matched: 0, onlyLeft: 1, onlyRight: 1 });
    const strict = { ...BY_ID, ignoreCase: true, trim: false };
    expect((await reconcile(...tables, strict)).value).toMatchObject({ matched: 0 });
    const sharp = await reconcile('id\nstraße\nΟΔΟΣ\n', 'id\nSTRASSE\nοδος\n', {
      ...BY_ID,
      ignoreCase: true,
    });
    expect(sharp.value).toMatchObject({ matched: 2 });
  });

  it('compares what both tables have unless it is said', async () => {
    const tables = ['id,a,b,b,only\n1,x,y,y,z\n', 'id,b,a\n1,q,q\n'] as const;
    expect((await reconcile(...tables, BY_ID)).value).toMatchObject({ columns: [{ left: 'a' }], differences: 1 });
    expect((await reconcile(...tables, { ...BY_ID, compare: [] })).value).toMatchObject({ columns: [], equal: 1 });
    const { records } = await reconcile(...tables, { ...BY_ID, compare: [{ left: 'only', right: 'a' }] });
    expect(records('differences.csv')).toEqual(['2,2,1,only,z,q,']);
  });
});

describe('repeated keys', () => {
  it('pair what says the same first, then what remains, both in order', async () => {
    const left = 'id,v\n1,a\n1,b\n1,c\n1,b\n';
    const right = 'id,v\n1,x\n1,b\n1,y\n';
    const { value, records } = await reconcile(left, right, BY_ID);
    expect(records('differences.csv')).toEqual(['2,2,1,v,a,x,', '4,4,1,v,c,y,']);
    expect(records('only-left.csv')).toEqual(['1,b']);
    expect(records('duplicates.csv')).toEqual(['1,2 3 4 5,2 3 4']);
    expect(value).toMatchObject({ matched: 3, equal: 1, duplicates: { keys: 1, left: 4, right: 3 } });
  });

  it('say the same where numbers are the same', async () => {
    const compare = [{ left: 'v', tolerance: '0' }];
    const { records } = await reconcile('id,v\n1,2.50\n1,1\n', 'id,v\n1,1.0\n1,2.5\n', { ...BY_ID, compare });
    expect(records('differences.csv')).toEqual([]);
  });

  it('are told in the order of their first records, and as they stand there', async () => {
    const { records } = await reconcile('id\nb\n a\nb\n', 'id\nc\nc\na\na\n', BY_ID);
    expect(records('duplicates.csv')).toEqual(['b,2 4,', ' a,3,4 5', 'c,,2 3']);
  });
});

describe('numbers', () => {
  const compare = (tolerance: string) => ({ ...BY_ID, compare: [{ left: 'v', tolerance }] });

  it('differ by more than the tolerance, exactly', async () => {
    const { records } = await reconcile(
      'id,v\n1,0.1\n2,0.1\n3,-1\n',
      'id,v\n1,0.3\n2,0.30000000000000000001\n3,1\n',
      compare('0.2'),
    );
    expect(records('differences.csv')).toEqual([
      '3,3,2,v,0.1,0.30000000000000000001,0.20000000000000000001',
      '4,4,3,v,-1,1,2',
    ]);
  });

  it('that are none are compared as text, count nothing, and are counted', async () => {
    const { value, records } = await reconcile(
      'id,v\n1,n/a\n2,5\n3,\n4,x\n5,1e3\n',
      'id,v\n1,n/a\n2,\n3,0\n4,7\n5,1000\n',
      compare('9'),
    );
    expect(records('differences.csv')).toEqual([
      '3,3,2,v,5,,-5',
      '4,4,3,v,,0,0',
      '5,5,4,v,x,7,7',
      '6,6,5,v,1e3,1000,1000',
    ]);
    expect(value['columns']).toMatchObject([{ totals: { notNumbers: { left: 3, right: 1 } } }]);
  });

  it('have totals that close', async () => {
    const left = 'id,v\n1,10.10\n2,5\n3,99999999999999999999.01\n';
    const { value } = await reconcile(left, 'id,v\n1,10.11\n2,7\n4,-0.5\n', compare('0.05'));
    expect(value['columns']).toMatchObject([
      {
        different: 1,
        totals: {
          left: '100000000000000000014.11',
          right: '16.61',
          difference: '-99999999999999999997.5',
          onlyLeft: '99999999999999999999.01',
          onlyRight: '-0.5',
          differences: '2',
          withinTolerance: '0.01',
        },
      },
    ]);
  });
});

describe('records that are set aside', () => {
  it('are of another width, and told; empty lines are counted', async () => {
    const { value, records } = await reconcile('id,v\n\n1,a\n2\n', 'id,v\n1,a,b\n1,a\n\n\n', BY_ID);
    expect(records('skipped.csv')).toEqual(['left,4,1', 'right,2,3']);
    expect(value).toMatchObject({
      rows: { left: 1, right: 1 },
      blank: { left: 1, right: 2 },
      skipped: { left: 1, right: 1 },
    });
  });
});

describe('columns that are not there', () => {
  it('are said in the order in which they were asked for', async () => {
    const asked = { keys: ['id', 'no'], compare: ['v', { left: 'w', right: 'z' }] };
    const { value } = await reconcile('id,v,v\n', 'id,v,no\n', asked);
    const reason = (side: string, code: string, column: string) => ({ side, code, row: null, column });
    expect(value).toEqual({
      status: 'unusable',
      reasons: [
        reason('left', 'no_such_column', 'no'),
        reason('left', 'ambiguous_column', 'v'),
        reason('left', 'no_such_column', 'w'),
        reason('right', 'no_such_column', 'z'),
      ],
    });
  });
});

describe('the result', () => {
  it('counts cells that a spreadsheet may take for formulas, and leaves them', async () => {
    const { value, records } = await reconcile('id,v\n=1+1,-5\n', 'id,v\n@x,+y\n', BY_ID);
    expect([...records('only-left.csv'), ...records('only-right.csv')]).toEqual(['=1+1,-5', '@x,+y']);
    expect(value['formulas']).toBe(3);
  });

  it('is of the same bytes for the same input', async () => {
    const input = tablesInput('id,v\n1,a\n1,b\n', 'id,v\n1,b\n2,c\n', BY_ID);
    const [one, other] = await Promise.all([deskFor(input), deskFor(input)]);
    expect(await one.work()).toEqual(await other.work());
  });
});
