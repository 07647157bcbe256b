import { toHex, type VerifiedEnvelope } from '@canswarm/protocol';
import { followBootstrap } from '../bootstrap.ts';
import { completeDraws } from '../draws.ts';
import { frameFaults } from '../evidence.ts';
import { stepsTo } from '../hash.ts';
import type { Part } from '../part.ts';
import { timeAfter, verifiers } from '../people.ts';
import { fireDue, startPeriods } from '../periods.ts';
import { faded } from '../reputation.ts';
import type { DrawRow, Model } from '../tables.ts';

const TIME_MOST = 2 ** 52;

/** Whether a reveal of this key, made at head `seen`, counts for a draw. */
function counts(model: Model, draw: DrawRow, did: string, seen: number): boolean {
  const member = model.members.get(did);
  if (member === undefined || draw.parties.includes(member.entity)) return false;
  const stood = draw.pool.some((row) => row.did === did) && member.joinedAt < draw.position;
  return stood && draw.position <= seen && !draw.revealed.includes(member.entity);
}

const countsAtAll = (model: Model, did: string, seen: number): boolean =>
  model.draws.some((draw) => counts(model, draw, did, seen));

function owes(model: Model, did: string): boolean {
  const member = model.members.get(did);
  const has = member !== undefined && member.tip !== null && member.revealsLeft > 0;
  return has && countsAtAll(model, did, model.position);
}

interface Reveal {
  readonly from: string;
  readonly tip: string;
  readonly steps: number;
  readonly seen: number;
}

/** Times that reports raise, and what they reveal, one of each key. */
function readReports(model: Model, envelopes: readonly VerifiedEnvelope[]) {
  const raised = new Map<string, number>();
  const reveals: Reveal[] = [];
  for (const { payload } of envelopes) {
    if (payload.verb !== 'REPORT') continue;
    const { from, body, head } = payload;
    const member = model.members.get(from);
    const last = Math.max(member?.reported ?? model.time, raised.get(from) ?? 0);
    if (body.time >= last + model.params.reportStepMs) raised.set(from, body.time);
    if (member === undefined || member.tip === null || body.preimage === null) continue;
    if (reveals.some((reveal) => reveal.from === from) || !countsAtAll(model, from, head.position)) continue;
    const steps = stepsTo(member.tip, body.preimage);
    if (steps === 0 || steps > member.revealsLeft) continue;
    reveals.push({ from, tip: toHex(body.preimage), steps, seen: head.position });
  }
  return { raised, reveals };
}

function takeReveal(model: Model, { from, tip, steps, seen }: Reveal): void {
  const member = model.members.get(from);
  if (member === undefined) return;
  for (const draw of model.draws) if (counts(model, draw, from, seen)) draw.revealed.push(member.entity);
  member.tip = tip;
  member.revealsLeft -= steps;
}

export const tick: Part<'TICK'> = {
  verb: 'TICK',
  *faults(model, { from, entry }) {
    const keys = verifiers(model).map(({ did }) => did);
    const may = (did: string): boolean => keys.includes(did) || (keys.length === 0 && did === model.genesis.authority);
    if (!may(from)) yield 'verifier_only';
    const { envelopes } = entry.evidence;
    let unfit = false;
    for (const envelope of envelopes) {
      const { payload } = envelope;
      const fit = payload.verb === 'REPORT' && payload.body.time <= TIME_MOST;
      const wrong = [...frameFaults(model, envelope, 0)];
      unfit ||= !fit || wrong.length > 0 || (!may(payload.from) && !owes(model, payload.from));
      if (!fit || (!may(payload.from) && !owes(model, payload.from))) yield 'report_unfit';
      yield* wrong;
    }
    if (unfit) return;
    const { raised, reveals } = readReports(model, envelopes);
    if (timeAfter(model, raised) === model.time && reveals.length === 0) yield 'tick_empty';
  },
  follow(model, { entry }) {
    const { raised, reveals } = readReports(model, entry.evidence.envelopes);
    const time = timeAfter(model, raised);
    for (const [did, reported] of raised) {
      const member = model.members.get(did);
      if (member !== undefined) member.reported = reported;
    }
    for (const reveal of reveals) takeReveal(model, reveal);
    const before = model.time;
    model.time = time;
    for (const member of model.members.values()) member.silences = faded(model, member.silences, before, time);
    followBootstrap(model);
    completeDraws(model);
    startPeriods(model);
    fireDue(model);
  },
};
