import type { Context } from './context.ts';
import { poolOf } from './pool.ts';
import type { State } from './state.ts';

/** A new network begins in bootstrap if its params say so, and it has too few verifiers. Source: `spec/05-committees.md`, bootstrap. */
export function beginBootstrap(state: State): void {
  if (poolOf(state).active < state.params.bootstrapVerifiers) state.bootstrap = { since: null, finished: 0 };
  state.pool = null;
}

/** Whether too few verifiers are active for any draw: below what a network that left bootstrap needs. */
export const lacksVerifiers = (state: State, active: number, bootstrap: boolean): boolean =>
  !bootstrap && active < state.params.bootstrapVerifiers;

/** Looks at each TICK whether enough verifiers have been there for long enough. What they began to be is forgotten when they are not. */
export function watchBootstrap(context: Context): void {
  const { state } = context;
  const { bootstrap, params, time } = state;
  if (bootstrap === null) return;
  if (poolOf(state).active < params.bootstrapVerifiers) {
    bootstrap.since = null;
    bootstrap.finished = 0;
    return;
  }
  bootstrap.since ??= time;
  if (time - bootstrap.since >= params.bootstrapMs) leaveBootstrap(context, 'time');
}

/** A result is final: so many while enough verifiers are there end the bootstrap too. */
export function countFinished(context: Context): void {
  const { bootstrap, params } = context.state;
  if (bootstrap === null || bootstrap.since === null) return;
  bootstrap.finished += 1;
  if (bootstrap.finished >= params.bootstrapNeeds) leaveBootstrap(context, 'needs');
}

/** For good: nothing leads back. */
function leaveBootstrap(context: Context, reason: 'time' | 'needs'): void {
  const { active } = poolOf(context.state);
  context.state.bootstrap = null;
  context.emit({ type: 'bootstrap_left', reason, active });
}
