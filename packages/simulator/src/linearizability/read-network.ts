import type { History } from './model.ts';
import { type NetworkInput, type NetworkOutput, type NetworkState, networkObjects } from './network.ts';
import { HistoryError, Recorder } from './recorder.ts';

export type NetworkHistory = History<NetworkInput, NetworkOutput, NetworkState>;

const FORMAT = 'canswarm/history/1';

export const isNetwork = (line: string): boolean => line.startsWith(`{"format":"${FORMAT}"`);

type NetworkOperation = NetworkHistory['operations'][number];

/** The same with the line of each event in what `writeNetwork` writes, instead of its time. */
export function inLines(operations: readonly NetworkOperation[]): readonly NetworkOperation[] {
  const events = operations.flatMap(({ called, returned }, index) => [
    { at: called, index, isCall: true },
    ...(returned === Infinity ? [] : [{ at: returned, index, isCall: false }]),
  ]);
  const [calls, returns] = [new Map<number, number>(), new Map<number, number>()];
  // The first line names the format.
  for (const [line, { index, isCall }] of events.sort((left, right) => left.at - right.at).entries())
    (isCall ? calls : returns).set(index, line + 2);
  return operations.map((one, index) => ({
    ...one,
    called: calls.get(index) ?? 0,
    returned: returns.get(index) ?? Infinity,
  }));
}

/** A line for each call and each answer, in their order; a call that was never answered has no other. */
export function writeNetwork({ operations }: NetworkHistory): string {
  const events = operations.flatMap(({ process, input, output, called, returned }) => [
    { at: called, text: JSON.stringify({ process, call: input }) },
    ...(output === undefined ? [] : [{ at: returned, text: JSON.stringify({ process, answer: output }) }]),
  ]);
  const lines = events.sort((left, right) => left.at - right.at).map(({ text }) => text);
  return [JSON.stringify({ format: FORMAT }), ...lines, ''].join('\n');
}

/** Reads what `writeNetwork` wrote. Throws a HistoryError. */
export function readNetwork(text: string): NetworkHistory {
  const recorder = new Recorder<NetworkInput, NetworkOutput>();
  for (const [index, line] of text.split('\n').entries()) {
    const at = index + 1;
    if (line.trim() === '' || isNetwork(line)) continue;
    const { process, call, answer } = fieldsOf(line, at);
    if (typeof process !== 'string') throw new HistoryError(at, 'it names no process');
    if (isInput(call)) recorder.call(process, call, at);
    else if (call === undefined && isOutput(answer, recorder.due(process, at))) recorder.answer(process, answer, at);
    else throw new HistoryError(at, 'not a call or an answer of a slot, a lease or a balance');
  }
  return { model: networkObjects, operations: recorder.end() };
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

function fieldsOf(line: string, at: number): Fields {
  try {
    const value: unknown = JSON.parse(line);
    if (isFields(value)) return value;
  } catch {
    // Said below, as of anything else that is no object.
  }
  throw new HistoryError(at, 'not an object of JSON');
}

function isInput(value: unknown): value is NetworkInput {
  if (!isFields(value) || typeof value['key'] !== 'string' || typeof value['by'] !== 'string') return false;
  if (!value['key'].startsWith(`${String(value['on'])}/`)) return false;
  if (value['on'] === 'slot') return value['does'] === 'decide' || value['does'] === 'close';
  if (value['on'] === 'balance') return Number.isSafeInteger(value['change']);
  return value['on'] === 'lease' && isMove(value['move']) && (value['holder'] === null || isHolder(value['holder']));
}

function isOutput(value: unknown, { on }: NetworkInput): value is NetworkOutput {
  if (!isFields(value)) return false;
  if (on === 'balance') return Number.isSafeInteger(value['before']) && Number.isSafeInteger(value['after']);
  return typeof value['did'] === 'boolean' && (on === 'slot' || isMove(value));
}

const isHolder = (value: unknown): boolean =>
  isFields(value) &&
  (value['did'] === null || typeof value['did'] === 'string') &&
  Number.isSafeInteger(value['fence']);

function isMove(value: unknown): boolean {
  if (!isFields(value) || !Number.isSafeInteger(value['fence'])) return false;
  const { ends, grants } = value;
  return (ends === 'no' || ends === 'may' || ends === 'must') && (grants === null || typeof grants === 'string');
}
