import type * as Fs from 'node:fs';
import { mkdirSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { fresh, homeAt } from './support.ts';

/** What another process does just before a folder is listed, and just after. */
const other = vi.hoisted(() => ({ before: (): void => undefined, after: (): void => undefined }));

vi.mock('node:fs', async (importOriginal) => {
  const real = await importOriginal<typeof Fs>();
  const readdirSync = (path: string) => {
    other.before();
    const names = real.readdirSync(path);
    other.after();
    return names;
  };
  return { ...real, readdirSync };
});

afterEach(() => Object.assign(other, { before: () => undefined, after: () => undefined }));

it.each(['before', 'after'] as const)('a home that another process makes %s this one looks is one', async (when) => {
  const path = fresh();
  mkdirSync(path, { mode: 0o700 });
  other[when] = () => {
    Object.assign(other, { before: () => undefined, after: () => undefined });
    homeAt(path).make();
  };
  expect(homeAt(path).exists).toBe(true);
  expect(homeAt(path).keys.list()).toEqual({ keys: [], broken: [] });
});
