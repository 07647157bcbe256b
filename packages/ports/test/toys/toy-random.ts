import type { RandomHarness } from '../../src/compliance/index.ts';
import { assertBelow, assertRandomLength, type Random, type RandomStream } from '../../src/index.ts';
import { sha256, toyWorld } from './toy-world.ts';

export type RandomFault =
  | 'never gives the largest'
  | 'takes values modulo the limit'
  | 'reuses its buffer'
  | 'begins again'
  | 'draws all from one stream'
  | 'takes any argument';

const encoder = new TextEncoder();

function toyStream(name: string, fault: RandomFault | null): RandomStream {
  let state = sha256(encoder.encode(`toy ${name}`));
  const buffer = new Uint8Array(65_536);
  const byte = (): number => {
    state = sha256(state);
    return state[0] ?? 0;
  };
  const draw = (): number => {
    state = sha256(state);
    return state.slice(0, 6).reduce((value, part) => value * 256 + part, 0);
  };
  return {
    below(limit) {
      if (fault !== 'takes any argument') assertBelow(limit);
      const range = fault === 'never gives the largest' ? Math.max(1, limit - 1) : limit;
      const fair = fault === 'takes values modulo the limit' ? 2 ** 48 : 2 ** 48 - (2 ** 48 % range);
      let value = draw();
      while (value >= fair) value = draw();
      return value % range;
    },
    bytes(length) {
      if (fault !== 'takes any argument') assertRandomLength(length);
      const bytes =
        fault === 'reuses its buffer' ? buffer.subarray(0, length) : new Uint8Array(Math.max(0, length || 0));
      for (let i = 0; i < bytes.length; i += 1) bytes[i] = byte();
      return bytes;
    },
  };
}

function toySource(fault: RandomFault | null): Random {
  const streams = new Map<string, RandomStream>();
  return {
    stream(name) {
      const key = fault === 'draws all from one stream' ? '' : name;
      const stream = (fault === 'begins again' ? undefined : streams.get(key)) ?? toyStream(key, fault);
      streams.set(key, stream);
      return stream;
    },
  };
}

export function toyRandom(fault: RandomFault | null): RandomHarness {
  return { ...toyWorld(), random: toySource(fault), again: () => toySource(fault) };
}
