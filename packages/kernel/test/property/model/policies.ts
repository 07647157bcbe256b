import {
  bodyValue,
  type Cid,
  type DagValue,
  type Payload,
  payloadLength,
  policyDigest,
  toDagJson,
  toHex,
  utf8,
  type VerifiedEntry,
} from '@canswarm/protocol';
import { type ToyQuestion, toyAllows, toyDecision } from '../../support/toy-policy.ts';
import { sha256 } from './hash.ts';
import { openNeed } from './needs.ts';
import type { HeldRow } from './policy-rows.ts';
import type { Model } from './tables.ts';

/** The policy of the present epoch. */
export const presentPolicy = (model: Model): HeldRow | undefined => model.policy?.held.at(-1);

/** The present epoch. */
export const epochOf = (model: Model): number => presentPolicy(model)?.epoch ?? model.genesis.epoch;

/** What a sender said before a position in its window of the log, each envelope once, and with that entry. */
function saidBy(model: Model, { envelope }: VerifiedEntry, position: number): { messages: number; bytes: number } {
  const windowOf = (at: number): number => Math.floor(at / model.params.headWindow);
  const before = (model.policy?.heard ?? []).filter((row) => windowOf(row.position) === windowOf(position));
  const ofSender = before.filter(({ from }) => from === envelope.payload.from);
  const sizes = new Map(ofSender.map(({ id, bytes }) => [id, bytes]));
  sizes.set(envelope.id, payloadLength(envelope));
  return { messages: sizes.size, bytes: [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0) };
}

function rolesOf({ genesis, members }: Model, did: string): readonly string[] {
  const isVerifier = members.get(did)?.tip != null;
  return [
    ...(genesis.arbiters.some((arbiter) => arbiter === did) ? ['arbiter'] : []),
    ...(genesis.authority === did ? ['authority'] : []),
    ...(isVerifier ? ['verifier'] : []),
  ];
}

function needOf(model: Model, payload: Payload): DagValue {
  if (payload.verb === 'NEED') {
    const { class: kind, priceCap } = payload.body;
    return { class: kind, spent: { money: priceCap, messages: 1, tokens: 0, ms: 0 } };
  }
  const row = payload.thread === null ? undefined : openNeed(model, payload.thread);
  if (row === undefined) return null;
  const messages =
    1 + (model.policy?.heard ?? []).filter(({ accepted, thread }) => accepted && thread === row.id).length;
  const { wallMs: ms, use } = payload.verb === 'COMMIT' ? payload.body.telemetry : { wallMs: 0, use: undefined };
  const { class: kind, priceCap: money } = row.body;
  return { class: kind, spent: { money, messages, tokens: use?.tokens ?? 0, ms } };
}

/** What the law has to ask about an entry at a position. */
export function questionOf(model: Model, entry: VerifiedEntry, position: number): string {
  const { payload } = entry.envelope;
  const { from, verb, refs } = payload;
  const use = payload.verb === 'COMMIT' ? payload.body.telemetry.use : undefined;
  const text = toDagJson({
    schema: 1,
    gate: 'law',
    envelope: { verb, plane: 'log', bytes: payloadLength(entry.envelope), refs: refs.length, body: bodyValue(payload) },
    sender: {
      ...{ did: from, roles: rolesOf(model, from), zone: model.members.get(from)?.region ?? 'unverified' },
      ...saidBy(model, entry, position),
    },
    need: needOf(model, payload),
    work:
      use === undefined
        ? null
        : {
            ...{ statements: 0, cited: 0, models: use.models, tools: use.tools },
            egress: use.egress.map((flow) => ({ ...flow })),
          },
  });
  if (text === undefined) throw new Error('an entry has a line');
  return text;
}

/** Whether a policy allows what a question says, or what it says with what a result states. */
export function rulesAllow(
  { rules }: HeldRow,
  question: string,
  stated: { readonly statements: number; readonly cited: number } | null = null,
): boolean {
  const asked = JSON.parse(question) as ToyQuestion;
  return toyAllows(rules, stated === null ? asked : { ...asked, work: stated });
}

/** Whether the policy of the present epoch, if there is one, allows an entry. */
export function isAllowed(model: Model, entry: VerifiedEntry): boolean {
  const policy = presentPolicy(model);
  return policy === undefined || rulesAllow(policy, questionOf(model, entry, model.position + 1));
}

/** Notes what is asked about an entry that comes next. */
export function noteAsked(model: Model, entry: VerifiedEntry, isForeign: boolean): void {
  const policy = presentPolicy(model);
  if (model.policy === null || policy === undefined) return;
  model.policy.now = isForeign ? null : { policy, question: questionOf(model, entry, model.position + 1) };
}

/** The digest that votes about a NEED or COMMIT name, as hex; null where no policy was asked about it. */
export function dueDigest(model: Model, id: string): string | null {
  const asked = model.policy?.asked.get(id);
  if (asked === undefined) return null;
  const { policy, question } = asked;
  return toHex(policyDigest(sha256, policy.capsule as Cid, utf8(question), toyDecision(true)));
}

/** Remembers an entry that took its place, and what was asked about what is voted on. */
export function noteHeard(model: Model, { envelope }: VerifiedEntry, isForeign: boolean, accepted: boolean): void {
  const { policy, position } = model;
  if (policy === null || isForeign) return;
  const { id, payload } = envelope;
  const { from, thread, verb } = payload;
  policy.heard.push({ position, id, from, bytes: payloadLength(envelope), thread, accepted });
  const isVotedOn = verb === 'NEED' || verb === 'COMMIT';
  if (isVotedOn && accepted && policy.now !== null) policy.asked.set(id, policy.now);
}
