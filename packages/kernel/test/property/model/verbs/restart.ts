import { toHex, type VerifiedEnvelope } from '@canswarm/protocol';
import { openAlarm } from '../alarms.ts';
import { askForDraw, committeeOf } from '../committees.ts';
import { ownStake, standsWith } from '../delegations.ts';
import type { Part, Said } from '../part.ts';

import type { CommitteeRow, Model } from '../tables.ts';

/** What each key weighs that may sign for a life to begin: verifiers that did not leave, active or silent. */
export function voters(model: Model): readonly { readonly did: string; readonly stake: number }[] {
  const keys = [...model.members].flatMap(([did, { left, tip }]) =>
    left || tip === null || ownStake(model, did) < model.params.minStake
      ? []
      : [{ did, stake: standsWith(model, did) }],
  );
  return keys.length > 0 ? keys : [{ did: model.genesis.authority, stake: 1 }];
}

/** Whether a statement says just what the RESTART does. */
export function isFit(model: Model, { payload }: VerifiedEnvelope, { body, entry }: Said<'RESTART'>): boolean {
  if (payload.verb !== 'ATTEST_STATE' || payload.network !== model.network) return false;
  const text = (head: typeof payload.head, root: Uint8Array, life: number): string =>
    [head.incarnation, head.position, toHex(head.digest), toHex(root), life].join();
  const due = text(entry.envelope.payload.head, body.root, body.incarnation);
  return text(payload.head, payload.body.root, payload.body.incarnation) === due;
}

/** Whether these keys stand with two thirds of all stake. */
export function areTwoThirds(model: Model, signers: readonly string[]): boolean {
  const sumOf = (some: readonly { stake: number }[]): number => some.reduce((sum, { stake }) => sum + stake, 0);
  const all = voters(model);
  const signed = sumOf(all.filter(({ did }) => signers.includes(did)));
  return signed > 0 && 3 * signed >= 2 * sumOf(all);
}

export const restart: Part<'RESTART'> = {
  verb: 'RESTART',
  *faults(model, said) {
    const { body, entry } = said;
    if (body.incarnation !== model.incarnation + 1) yield 'life_other';
    if (entry.envelope.payload.head.position !== model.position) yield 'life_head';
    const { envelopes } = entry.evidence;
    const signers = envelopes.map(({ payload }) => payload.from as string);
    const able = voters(model).map(({ did }) => did);
    if (!envelopes.every((statement) => isFit(model, statement, said))) yield 'statement_unfit';
    if (!signers.every((did) => able.includes(did))) yield 'verifier_only';
    if (new Set(signers).size < signers.length) yield 'statement_twice';
    if (!areTwoThirds(model, signers)) yield 'stake_too_little';
    if (toHex(body.root) !== model.root) yield 'root_other';
  },
  follow(model) {
    model.incarnation += 1;
    for (const { lease } of model.needs) {
      if (lease === null) continue;
      lease.fence = model.position;
      lease.touched = model.position;
      lease.expiresAt = null;
    }
    for (const { subject } of [...model.draws]) askForDraw(model, inSession(model, subject));
    for (const { name, length } of [...model.alarms]) beginAnew(model, name, length);
  },
};

/** Periods in which somebody has to act. */
const OF_DEEDS = ['lease', 'bidding', 'answer', 'window', 'hold', 'opening', 'appeal'];

function beginAnew(model: Model, name: string, length: number): void {
  const colon = name.indexOf(':');
  const [kind, about] = [name.slice(0, colon), name.slice(colon + 1)];
  if (!OF_DEEDS.includes(kind)) return;
  openAlarm(model, name, length);
  if (kind !== 'answer') return;
  const committee = inSession(model, about);
  if (committee.named || committee.phase === 'certified') return;
  committee.recordFrom = null;
  openAlarm(model, `half:${about}`, Math.ceil(length / 2));
}

function inSession(model: Model, subject: string): CommitteeRow {
  const committee = committeeOf(model, subject);
  if (committee === undefined) throw new Error(`${subject} is over`);
  return committee;
}
