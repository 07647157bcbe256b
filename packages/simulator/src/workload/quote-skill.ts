import type {
  ContentStore,
  DivideOutcome,
  Division,
  ResultInput,
  Skill,
  SkillContext,
  SkillModule,
  TaskInput,
} from '@canswarm/ports';
import {
  type ArtifactRef,
  type BlockSource,
  buildFile,
  buildRecord,
  buildTree,
  type Cid,
  checkCitation,
  decodeCbor,
  encodeAcceptance,
  linkOf,
  lookup,
  parseSchema,
  readRange,
  type Sha256,
  utf8,
  withBlocks,
} from '@canswarm/protocol';

export const QUOTE_SKILL = 'quote';
const LIMITS = { deadlineMs: 5_000, maxBytes: 1_048_576 } as const;
const KEY = 's/0001';

/** The smallest skill with a certificate: quote the first words of the one document. */
export interface QuoteTask {
  readonly inputs: readonly ArtifactRef[];
  readonly acceptance: Cid;
  readonly tier: number;
}

/** Publishes a document and what is accepted of a quote from it. */
export async function publishQuoteTask(
  text: string,
  content: ContentStore,
  sha256: Sha256,
  tier = 2,
): Promise<QuoteTask> {
  const file = buildFile(utf8(text), sha256);
  const tree = buildTree([{ key: 'a.txt', cid: file.cid, leaves: file.leaves, size: file.size }], sha256);
  const schema = parseSchema({
    type: 'object',
    required: ['quote'],
    properties: { quote: { type: 'string', minLength: 1 } },
  });
  if (schema === undefined) throw new Error('the schema is sound');
  const acceptance = encodeAcceptance({
    v: 1,
    tier,
    checker: 'quote',
    params: {},
    schemas: { '*': schema },
    example: null,
  });
  await content.putBlocks([...file.blocks, ...tree.blocks]);
  return { inputs: [tree.ref], acceptance: await content.put(acceptance, 'dag-cbor'), tier };
}

async function execute(
  task: TaskInput,
  { content, sha256 }: SkillContext,
  alter: boolean,
): Promise<{ outputs: ArtifactRef[]; trace: null }> {
  const [input] = task.inputs;
  if (input === undefined) throw new Error('no input');
  const { result } = await withBlocks(
    (get: BlockSource) => {
      const found = lookup(input.cid, 'a.txt', get);
      if (found.status !== 'found') return found;
      const end = Math.min(24, found.entry.size);
      const words = readRange({ cid: found.entry.cid, size: found.entry.size }, 0, end, get);
      return words.status === 'found' ? { ...words, document: found.entry.cid, end } : words;
    },
    (cid) => content.get(cid, LIMITS),
  );
  if (result.status !== 'found') throw new Error(`the document is ${result.status}`);
  const bytes = result.bytes.slice();
  if (alter) bytes[0] = (bytes[0] ?? 65) === 88 ? 89 : 88;
  const quote = new TextDecoder().decode(bytes);
  const record = buildRecord(
    {
      input: 0,
      path: 'a.txt',
      document: linkOf(result.document),
      byteStart: 0,
      byteEnd: result.end,
      quote,
      sha256: sha256(bytes),
      lineStart: 1,
      lineEnd: 1,
    },
    sha256,
  );
  const tree = buildTree([{ key: KEY, cid: record.cid, leaves: 1, size: record.size }], sha256);
  await content.putBlocks([{ cid: record.cid, bytes: record.bytes }, ...tree.blocks]);
  return { outputs: [tree.ref], trace: null };
}

async function standsThere({ task, outputs }: ResultInput, { content, sha256 }: SkillContext): Promise<boolean> {
  const [output] = outputs;
  if (output === undefined) return false;
  const { result } = await withBlocks(
    (get: BlockSource) => {
      const found = lookup(output.cid, KEY, get);
      if (found.status !== 'found') return found;
      const bytes = get(found.entry.cid);
      if (bytes === undefined) return { status: 'missing', cid: found.entry.cid } as const;
      const decoded = decodeCbor(bytes);
      return decoded.ok ? checkCitation(decoded.value, task.inputs, get, sha256) : ({ status: 'false' } as const);
    },
    (cid) => content.get(cid, LIMITS),
  );
  return result.status === 'true';
}

/** Two quotes and, after both, the need's own. What was done under a plan before stays done. */
async function divide(_task: TaskInput, { done, tasksMax, budget }: Division): Promise<DivideOutcome> {
  const names = ['left', 'right'];
  const left = names.filter((name) => !done.some(({ task }) => task === name));
  if (tasksMax < left.length + 1 || left.length === 0) return { tasks: null };
  // Together they cost less than what one worker asks, or nobody would choose them.
  const price = Math.floor(budget / (4 * (left.length + 1)));
  const parts = left.map((task) => ({ task, part: 0, goal: task, after: [], price }));
  return { tasks: [...parts, { task: 'main', part: null, goal: null, after: names, price }] };
}

const honest: Skill = {
  divide,
  execute: (task, context) => execute(task, context, false),
  evaluate: async (subject, context) =>
    (await standsThere(subject, context))
      ? { verdict: 'pass', reasons: [] }
      : { verdict: 'fail', reasons: ['the words do not stand there'] },
  inspect: async (subject, context) => ({
    finding: (await standsThere(subject, context))
      ? null
      : { class: 'missing_citation', claim: { output: 0, key: KEY, step: 0 } },
  }),
};

const ENGINES: Readonly<Record<string, Skill>> = {
  honest,
  liar: { execute: (task, context) => execute(task, context, true) },
  void: {
    execute: async (_task, { sha256 }) => {
      const { cid } = buildRecord({ nothing: 'of this was ever kept' }, sha256);
      return { outputs: [{ cid, leaves: 1 }], trace: null };
    },
  },
  hang: {
    evaluate: (_subject, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
  },
  lazy: { evaluate: async () => ({ verdict: 'pass', reasons: [] }) },
  stall: {
    execute: (_task, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
  },
};

/**
 * Engines: honest, liar (alters a letter), void (commits what nobody has), stall (works for ever), lazy (passes without
 * looking), hang (looks for ever).
 */
export const quoteSkill: SkillModule = {
  skill(engine) {
    const found = ENGINES[engine];
    if (found === undefined) throw new RangeError(`no engine ${engine}`);
    return found;
  },
};
