import { toHex, type VerifiedEntry } from '@canswarm/protocol';
import type { Applied, Outcome } from '../../../src/apply.ts';
import type { RejectionCode } from '../../../src/context.ts';
import type { KernelEvent } from '../../../src/events.ts';
import { checkInvariants } from '../../../src/invariants.ts';
import { stuck } from '../../support/progress.ts';
import { World, type WorldOptions } from '../../world.ts';
import { beginBootstrap } from '../model/bootstrap.ts';
import { faultsOf, follow } from '../model/law.ts';
import { createModel, type Model } from '../model/tables.ts';
import type { Truth } from '../model/truth.ts';
import { compare } from './compare.ts';
import { Broken, type Finding } from './finding.ts';
import { GUARDS, propertyOf } from './guards.ts';
import { PROPERTIES } from './properties.ts';
import type { Seen, Step } from './step.ts';

/** Findings kept of one history that goes on although something does not hold. */
const FINDINGS_MOST = 200;

/**
 * A world that judges each entry twice, by the law and by the model, and checks every property after it. Throws `Broken` at once, or
 * with `goOn` gathers what it finds: the model is of no more use then, what happened still is.
 */
export class Watched extends World {
  readonly model: Model;
  readonly trace: Seen[] = [];
  readonly found: Finding[] = [];
  /** The model does not know any more what is so. */
  #lost = false;
  readonly #goOn: boolean;

  constructor(options: WorldOptions, truth: Truth, goOn: boolean) {
    super(options);
    this.#goOn = goOn;
    this.model = createModel(this.genesis, this.state.network, truth);
    beginBootstrap(this.model);
    this.model.heads.push(toHex(this.state.digest));
  }

  override apply(entry: VerifiedEntry): Applied {
    const { model, state, trace } = this;
    model.root = entry.envelope.payload.verb === 'RESTART' ? this.root() : null;
    const faults = this.#lost ? null : faultsOf(model, entry);
    const from = state.time;
    const applied = this.#judge(entry);
    const misjudged = faults === null ? [] : [...outcomes(faults, applied.outcome)];
    const astray = this.#lost || misjudged.length > 0 ? misjudged : this.#follow(entry, applied);
    model.heads.push(toHex(state.digest));
    const seen: Seen = { entry, applied, from, to: state.time };
    trace.push(seen);
    const step = { ...seen, state, model, trace };
    this.#lost ||= astray.length > 0;
    const unlike = this.#lost ? [] : [...remembered(step)];
    const findings = [...astray, ...model.complaints.splice(0), ...shown(step, this.#lost), ...unlike];
    this.#lost ||= unlike.length > 0;
    if (findings.length > 0 && !this.#goOn) throw new Broken(findings);
    this.found.push(...findings.slice(0, FINDINGS_MOST - this.found.length));
    return applied;
  }

  /** Has the model take the entry; whatever goes wrong there, the law led it astray. */
  #follow(entry: VerifiedEntry, applied: Applied): readonly Finding[] {
    const { model } = this;
    model.drawn = drawnIn(applied.events);
    try {
      follow(model, entry, applied.outcome.accepted);
    } catch (error) {
      return [{ property: 'law', detail: `the model cannot follow: ${error}` }];
    }
    return [];
  }

  /** What the law makes of it. A law that stops, or breaks down, is broken. */
  #judge(entry: VerifiedEntry): Applied {
    try {
      return super.apply(entry);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.entries.push(entry);
      const id = 'id' in error ? String(error.id) : null;
      const property = id === null ? 'law' : propertyOf(id);
      throw new Broken([{ property, detail: id === null ? String(error.stack) : error.message }]);
    }
  }

  /** Every check is made by `apply`. */
  override check(): void {
    return;
  }
}

/** What the properties find in what happened. */
function* shown(step: Step, lost: boolean): Iterable<Finding> {
  for (const { id: property, check, needsModel } of PROPERTIES) {
    if (lost && needsModel) continue;
    try {
      for (const detail of check(step)) yield { property, detail };
    } catch (error) {
      yield { property: 'law', detail: `${property} cannot be checked: ${error}` };
    }
  }
}

/** What is wrong with what the law remembers: by itself, and beside the model. */
function* remembered({ state, model }: Step): Iterable<Finding> {
  for (const { id, detail } of checkInvariants(state)) yield { property: propertyOf(id), detail: `${id}: ${detail}` };
  for (const detail of stuck(state)) yield { property: 'P15', detail };
  yield* compare(state, model);
}

/** How the law's outcome differs from what the model says. */
function* outcomes(faults: ReadonlySet<RejectionCode>, outcome: Outcome): Iterable<Finding> {
  if (outcome.accepted) {
    for (const code of faults) yield { property: GUARDS[code], detail: `accepted, ${code} is due` };
  } else if (!faults.has(outcome.code)) {
    const due = faults.size === 0 ? 'it must be accepted' : `${[...faults].join(' or ')} is due`;
    yield { property: 'law', detail: `refused with ${outcome.code} ${JSON.stringify(outcome.facts)}, ${due}` };
  }
}

/** What each draw came to, in the order in which they were completed. */
function drawnIn(events: readonly KernelEvent[]): Model['drawn'] {
  const subjects = new Map<string, KernelEvent[]>();
  for (const event of events) {
    if (event.type !== 'seated' && event.type !== 'draw_waiting') continue;
    subjects.set(event.subject, [...(subjects.get(event.subject) ?? []), event]);
  }
  return [...subjects].map(([subject, said]) => {
    if (said.some(({ type }) => type === 'draw_waiting')) return { subject, seats: null };
    return { subject, seats: said.flatMap((event) => (event.type === 'seated' ? [event] : [])) };
  });
}
