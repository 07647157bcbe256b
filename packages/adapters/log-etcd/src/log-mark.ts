import { isSameMark, type LogMark } from '@canswarm/ports';
import type { EtcdClient, Patience } from './client.ts';
import { type Layout, markIn } from './layout.ts';
import type { KeyValue, OperationAnswer } from './wire/answers.ts';
import type { Compare, Operation } from './wire/requests.ts';

interface FoundMark {
  readonly mark: LogMark;
  /** Whether the key of its turn is there. */
  readonly hasTurn: boolean;
}

const reads = ({ format, turn }: Layout): readonly Operation[] => [
  { range: { key: format } },
  { range: { key: turn } },
];

/** What a log is marked as: both keys at one revision. */
export async function readMark(client: EtcdClient, layout: Layout, patience: Patience): Promise<FoundMark> {
  const { answers } = await client.txn({ compare: [], success: reads(layout), failure: [] }, patience);
  return markOf(answers, layout);
}

/** Replaces a mark unless it is another by now; true also where it is there already, such as from a try whose answer was lost. */
export async function setMark(
  client: EtcdClient,
  layout: Layout,
  { mark, was }: { readonly mark: LogMark; readonly was: LogMark },
  patience: Patience,
): Promise<boolean> {
  const found = await readMark(client, layout, patience);
  if (!isSameMark(found.mark, was)) return isSameMark(found.mark, mark);
  const turn = Buffer.from(String(was.turn));
  const compare: readonly Compare[] = [
    { key: layout.format, value: Buffer.from(layout.formatOf(was.place)) },
    found.hasTurn ? { key: layout.turn, value: turn } : { absent: layout.turn },
  ];
  const success = [
    { put: { key: layout.format, value: Buffer.from(layout.formatOf(mark.place)) } },
    { put: { key: layout.turn, value: Buffer.from(String(mark.turn)) } },
  ];
  const { succeeded, answers } = await client.txn({ compare, success, failure: reads(layout) }, patience);
  return succeeded || isSameMark(markOf(answers, layout).mark, mark);
}

function markOf(answers: readonly OperationAnswer[], { formatOf }: Layout): FoundMark {
  const [format, turn] = answers.map((answer) => textOf('range' in answer ? answer.range.kvs[0] : undefined));
  return { mark: markIn(format ?? formatOf(null), turn ?? null), hasTurn: (turn ?? null) !== null };
}

const textOf = (kv: KeyValue | undefined): string | null =>
  kv === undefined ? null : Buffer.from(kv.value).toString();
