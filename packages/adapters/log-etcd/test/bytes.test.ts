import { describe, expect, it } from 'vitest';
import { inlineValue, partsValue, readValue } from '../src/group-value.ts';
import { framed, Unframer } from '../src/grpc/frames.ts';
import { cursorOf, groupName, layoutOf, revisionOf } from '../src/layout.ts';

describe('frames', () => {
  it('are the same messages however they are cut', () => {
    const messages = [Buffer.from('a'), Buffer.alloc(0), Buffer.alloc(70_000, 7)];
    const bytes = Buffer.concat(messages.map(framed));
    for (const size of [1, 3, 4_096, bytes.length]) {
      const unframer = new Unframer();
      const found: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) found.push(...unframer.push(bytes.subarray(at, at + size)));
      expect(found.map(({ length }) => length)).toEqual(messages.map(({ length }) => length));
      expect(Buffer.concat(found).equals(Buffer.concat(messages))).toBe(true);
      expect(unframer.isInside).toBe(false);
    }
  });

  it('are refused when they are compressed or longer than any answer', () => {
    expect(() => new Unframer().push(Buffer.of(1, 0, 0, 0, 0))).toThrow('compressed');
    expect(() => new Unframer().push(Buffer.of(0, 255, 255, 255, 255))).toThrow('longer than any answer');
  });
});

describe('values of groups', () => {
  it('give back their entries, or their number of parts', () => {
    const entries = [Uint8Array.of(1, 2), Uint8Array.of(3), new Uint8Array(5_000).fill(9)];
    expect(readValue(inlineValue(entries), 'g')).toEqual(entries);
    expect(readValue(partsValue(700), 'g')).toBe(700);
  });

  it('are refused whichever byte was changed, and when cut', () => {
    const value = inlineValue([Uint8Array.of(1, 2), Uint8Array.of(3)]);
    for (let at = 0; at < value.length; at += 1) {
      const changed = Buffer.from(value);
      changed[at] = (changed[at] ?? 0) ^ 0x04;
      expect(() => readValue(changed, 'g'), `byte ${at}`).toThrow('damaged');
      expect(() => readValue(value.subarray(0, at), 'g'), `length ${at}`).toThrow('damaged');
    }
  });
});

describe('keys', () => {
  it('say what they are of', () => {
    const shard = layoutOf('p').shard('main');
    const name = groupName(1_400_000, 1_024, new Uint8Array(10).fill(5));
    const told = { group: name, valueBytes: 1_400_000, count: 1_024 };
    expect(shard.readGroupKey(shard.group(3, name))).toEqual({ ...told, mark: null });
    expect(shard.readGroupKey(shard.mark(3, name, 1_023))).toEqual({ ...told, mark: 1_023 });
    expect(shard.readGroupKey(Buffer.from('p/main/g/00000003/else'))).toBeNull();
    expect(shard.pageOf(shard.page(4_294_967_295))).toBe(4_294_967_295);
  });

  it('make cursors that are exact', () => {
    const revision = 2 ** 43 - 1;
    expect(cursorOf(revision, 1_023)).toBe(Number.MAX_SAFE_INTEGER);
    expect(revisionOf(cursorOf(revision, 1_023))).toBe(revision);
  });
});
