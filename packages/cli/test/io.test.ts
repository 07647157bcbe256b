import { expect, it } from 'vitest';
import { columnsOf } from '../src/io.ts';
import { FakeSink } from './fake-io.ts';

it.each([
  [undefined, 80],
  [0, 80],
  [1, 1],
  [132, 132],
])('a line of a stream of width %j has %i cells', (columns, cells) => {
  expect(columnsOf(new FakeSink(true, columns), 80)).toBe(cells);
});
