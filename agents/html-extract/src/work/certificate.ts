import { STEP_NAME_MAX, STEPS_MAX } from '../rules.ts';
import type { Page } from './page.ts';

/** Where an element stands: a path of selectors that fits it alone, and the bytes of its start tag when it has one. */
export interface Certificate {
  readonly path: string;
  readonly start: number | null;
  readonly end: number | null;
}

const PLAIN_NAME = /^[a-z][a-z0-9-]*$/;

/** The certificate of an element; null when its path from the root would have too many steps. */
export function certificateOf(page: Page, index: number): Certificate | null {
  return withPath(page, index, -1);
}

/** The same of an element of a row: if it lies within the row, its path begins at the row, which `:scope` stands for. */
export function certificateWithin(page: Page, index: number, row: number): Certificate | null {
  const isWithin = index >= row && index < (page.elements[row]?.end ?? 0);
  return withPath(page, index, isWithin ? row : -1);
}

function withPath(page: Page, index: number, top: number): Certificate | null {
  if ((page.elements[index]?.depth ?? 0) > STEPS_MAX) return null;
  const steps: string[] = [];
  let at = index;
  for (; at !== top; at = page.elements[at]?.parent ?? -1) {
    const element = page.elements[at];
    if (element === undefined) break;
    const plain = element.name.length <= STEP_NAME_MAX && PLAIN_NAME.test(element.name);
    const name = plain ? element.name : '*';
    steps.push(element.parent === -1 ? name : `${name}:nth-child(${element.nth})`);
  }
  if (top !== -1) steps.push(':scope');
  const { start, end } = page.startTag(index) ?? { start: null, end: null };
  return { path: steps.reverse().join(' > '), start, end };
}
