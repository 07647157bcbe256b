import { Cursor, concatenated, unsigned } from './cursor.ts';

/** Sections by their number in the format. */
export const SECTION = { type: 1, import: 2, function: 3, global: 6, export: 7, code: 10 } as const;

export interface Section {
  readonly id: number;
  readonly content: Uint8Array;
}

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

export function sectionsOf(module: Uint8Array): Section[] {
  const cursor = new Cursor(module);
  if (HEADER.some((byte) => cursor.byte() !== byte)) throw new Error('these bytes are no WebAssembly module');
  const sections: Section[] = [];
  while (!cursor.atEnd) sections.push({ id: cursor.byte(), content: cursor.take(cursor.unsigned()) });
  return sections;
}

export function moduleOf(sections: readonly Section[]): Uint8Array<ArrayBuffer> {
  const parts = sections.flatMap(({ id, content }) => [[id, ...unsigned(content.length)], content]);
  return concatenated([HEADER, ...parts]);
}

/** Reads the section of that number; it has to be there. */
export function sectionCursor(sections: readonly Section[], id: number): Cursor {
  const section = sections.find((each) => each.id === id);
  if (section === undefined) throw new Error(`the module has no section ${id}`);
  return new Cursor(section.content);
}

/** A section that is a list, with one more item at its end. */
export function withItem(section: Uint8Array, item: readonly number[]): Uint8Array {
  const cursor = new Cursor(section);
  const count = cursor.unsigned();
  return concatenated([unsigned(count + 1), section.subarray(cursor.offset), item]);
}
