import { verifiers } from './people.ts';
import type { Model } from './tables.ts';

/** As the genesis has it: too few verifiers for what it asks for. */
export function beginBootstrap(model: Model): void {
  if (verifiers(model).length < model.params.bootstrapVerifiers) model.bootstrap = { since: null, finished: 0 };
}

/** Once a TICK: as long as enough are there the time runs, else all begins anew. */
export function followBootstrap(model: Model): void {
  const { bootstrap, params, time } = model;
  if (bootstrap === null) return;
  const enough = verifiers(model).length >= params.bootstrapVerifiers;
  model.bootstrap = enough
    ? { since: bootstrap.since ?? time, finished: bootstrap.finished }
    : { since: null, finished: 0 };
  const { since } = model.bootstrap;
  if (since !== null && time >= since + params.bootstrapMs) model.bootstrap = null;
}

/** A result is final. */
export function finishInBootstrap(model: Model): void {
  const { bootstrap, params } = model;
  if (bootstrap === null || bootstrap.since === null) return;
  const finished = bootstrap.finished + 1;
  model.bootstrap = finished >= params.bootstrapNeeds ? null : { since: bootstrap.since, finished };
}
