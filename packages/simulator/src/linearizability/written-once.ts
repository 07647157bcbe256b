import type { Block, Operation, Stage } from './model.ts';

/** What an operation does to texts that are each written once. */
export interface Deed {
  /**
   * `put`: its own text stands there then; `add`: comes after what stands there; `find`: `found` stands there; `skip`: it may be left out.
   */
  readonly does: 'put' | 'add' | 'find' | 'skip';
  /** What it writes, or the texts found in their order. */
  readonly texts: readonly string[];
}

/**
 * The blocks of operations that write texts, each once: what a find found says which writes came after one another since the last put.
 * Writes that nobody found are blocks of their own, or left out where they were never answered.
 */
export function blocksOfTexts<Input, Output>(
  operations: readonly Operation<Input, Output>[],
  deedOf: (operation: Operation<Input, Output>) => Deed,
): readonly Block<Input, Output>[] | 'impossible' {
  const deeds = operations.map((operation) => ({ operation, ...deedOf(operation) }));
  const writers = new Map(deeds.flatMap((one) => (isWrite(one) ? [[one.texts[0] ?? '', one] as const] : [])));
  const chains = new Map<string, Chain<Input, Output>>();
  for (const { does, texts, operation } of deeds) {
    if (does !== 'find') continue;
    const isPut = writers.get(texts[0] ?? '')?.does === 'put';
    const first = isPut ? (texts[0] ?? '') : '';
    const chain: Chain<Input, Output> = chains.get(first) ?? { texts: isPut ? [first] : [''], finds: [[]] };
    chains.set(first, chain);
    const own = isPut ? texts : ['', ...texts];
    for (const [place, text] of own.entries()) {
      const known = chain.texts[place];
      if (known === undefined) {
        if (writers.get(text)?.does !== 'add') return 'impossible';
        chain.texts.push(text);
        chain.finds.push([]);
      } else if (known !== text) return 'impossible';
    }
    chain.finds[own.length - 1]?.push(operation);
  }
  const blocks = [...chains.values()].map(({ texts, finds }) =>
    texts.map((text, place): Stage<Input, Output> => {
      const change = text === '' ? null : (writers.get(text)?.operation ?? null);
      writers.delete(text);
      return { change, finds: finds[place] ?? [] };
    }),
  );
  // What is found after one put and after another was written once only.
  const changes = blocks.flat().filter(({ change }) => change !== null).length;
  if (changes < blocks.flat().length - (chains.has('') ? 1 : 0)) return 'impossible';
  const alone = [...writers.values()].filter(({ operation }) => operation.returned !== Infinity);
  return [...blocks, ...alone.map(({ operation }) => [{ change: operation, finds: [] }])];
}

interface Chain<Input, Output> {
  readonly texts: string[];
  readonly finds: Operation<Input, Output>[][];
}

const isWrite = ({ does }: Deed): boolean => does === 'put' || does === 'add';
