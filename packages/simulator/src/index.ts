/**
 * Looks for what a network of CAN Swarm must never do. Here: whether a history of calls and answers has an order that explains it.
 *
 *     const verdict = checkLinearizable(readHistory(text), { configurations: 2_000_000, isOver: () => false });
 *     if (verdict.linearizable === false) console.log(verdict.bad?.culprit);
 */
export { type BadPrefix, checkLinearizable, type Told, type Verdict } from './linearizability/check.ts';
export type { History, Model, Operation } from './linearizability/model.ts';
export { FORMATS, type Format, readHistory } from './linearizability/read-history.ts';
export { HistoryError } from './linearizability/recorder.ts';
export type { Limits } from './linearizability/search.ts';
export { timeline } from './linearizability/timeline.ts';
