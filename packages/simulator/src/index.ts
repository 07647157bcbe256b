/**
 * Looks for what a network of CAN Swarm must never do: real nodes under virtual time, a network, disks and machines that fail, all of
 * one seed; and whether a history of calls and answers has an order that explains it.
 *
 *     const run = await simulate(planOf({ seed: 7, mode: 'swarm' }));
 *     if (!run.passed) console.log(run.faults, run.pending);
 */

export { type Choice, Voice } from './actors/voice.ts';
export { ABSENT } from './checkers/checker.ts';
export { FAULT_KINDS, type FaultKind } from './fault-kinds.ts';
export { type HuntOptions, hunt } from './hunt.ts';
export { type BadPrefix, checkLinearizable, type Told, type Verdict } from './linearizability/check.ts';
export type { History, Model, Operation } from './linearizability/model.ts';
export type { Limits } from './linearizability/order-search.ts';
export { FORMATS, type Format, readHistory } from './linearizability/read-history.ts';
export { HistoryError } from './linearizability/recorder.ts';
export { timeline } from './linearizability/timeline.ts';
export { MODES, type Mode, type Plan, type Wanted } from './plan.ts';
export { type Found, planOf, type Run, simulate } from './run.ts';
export { type Shrunk, type Sized, shrink } from './shrink.ts';
export { SOMETIMES, type Sometimes } from './sometimes.ts';
export { Plants, plantedSkill } from './workload/plants.ts';
export { quoteCast } from './workload/quote-cast.ts';
export { quoteNeed } from './workload/quote-need.ts';
export { publishQuoteTask, QUOTE_SKILL, type QuoteTask, quoteSkill } from './workload/quote-skill.ts';
export { CallWatch } from './world/call-watch.ts';
export { type JudgedCalls, judgeCalls, LINEARIZABLE } from './world/judge-calls.ts';
export { createWorld, type World, type WorldOptions } from './world/world.ts';
