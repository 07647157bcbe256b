import {
  bodyValue,
  type DagValue,
  type Did,
  type EnvelopeId,
  encodeBody,
  isLogVerb,
  type NeedBody,
  type Payload,
  toDagJson,
  utf8,
} from '@canswarm/protocol';
import type { State } from '../state.ts';
import type { Stated } from './count-statements.ts';
import type { SaidInWindow } from './network-policy.ts';

/** Zone of who has no credential. */
const NOWHERE = 'unverified';

/** Where the question is asked: before signing, of gossip that comes in, of an entry by the law. */
export type PolicyGate = 'preflight' | 'ingress' | 'law';

export interface PolicyQuestion {
  readonly payload: Payload;
  /** Bytes of the payload. */
  readonly bytes: number;
  readonly gate: PolicyGate;
  /** Of what is signed, where the log counts what the sender says. */
  readonly id?: EnvelopeId;
  /** The need that it is about; left out: as the log knows it. */
  readonly about?: Pick<NeedBody, 'class' | 'priceCap'>;
  /** What the sender said before in the present window; left out: as the log knows it. */
  readonly said?: SaidInWindow;
  /** Of a COMMIT: what its result states, where that is known; the law asks without it. */
  readonly stated?: Stated;
}

/** What of the state a policy is told. */
type Told = Pick<State, 'arbiters' | 'authority' | 'members' | 'needs' | 'policy'>;

const NOTHING_SAID: SaidInWindow = { messages: 0, bytes: 0 };

/**
 * The input of the network's policy about an envelope: JSON text that depends on the envelope, the gate and facts of the state alone.
 * Source: `spec/13-policy.md`, input.
 */
export function policyInput(state: Told, question: PolicyQuestion): Uint8Array {
  const { payload, bytes, gate, about, stated } = question;
  const { from, verb } = payload;
  const plane = isLogVerb(verb) ? 'log' : 'gossip';
  const text = toDagJson({
    schema: 1,
    gate,
    envelope: { verb, plane, bytes, refs: payload.refs.length, body: bodyValue(payload) },
    sender: {
      did: from,
      roles: rolesOf(state, from),
      zone: state.members.get(from)?.region ?? NOWHERE,
      ...saidWith(state, question),
    },
    need: about === undefined ? needFacts(state, payload) : firstOn(about),
    work: workFacts(payload, stated),
  });
  if (text === undefined) throw new Error('what has a codec of its own has a line');
  return utf8(text);
}

/**
 * The input of a need's own policy about what is said of it. It has nothing that others can change between two who ask, and the gate is always
 * the law's: who asks before it says something is answered as seats will be. Source: `spec/13-policy.md`, the policy of a need.
 */
export function needPolicyInput(
  { arbiters, authority, members, needs }: Omit<Told, 'policy'>,
  payload: Payload,
  stated: Stated | null = null,
): Uint8Array {
  const question = { payload, bytes: encodeBody(payload).length, gate: 'law' } as const;
  const told = { arbiters, authority, members, needs, policy: null };
  return policyInput(told, stated === null ? question : { ...question, stated });
}

/** What the sender said in the present window, this envelope included: once, if the log has it already. */
function saidWith({ policy }: Told, { payload, bytes, id, said }: PolicyQuestion): SaidInWindow {
  const before = said ?? policy?.said.get(payload.from) ?? NOTHING_SAID;
  if (id !== undefined && policy?.heard.has(id) === true) return before;
  return { messages: before.messages + 1, bytes: before.bytes + bytes };
}

/** Ascending. */
function rolesOf(state: Told, did: Did): readonly string[] {
  const roles: string[] = [];
  if (state.arbiters.includes(did)) roles.push('arbiter');
  if (state.authority === did) roles.push('authority');
  if ((state.members.get(did)?.tip ?? null) !== null) roles.push('verifier');
  return roles;
}

/** A need on which nothing was spent before. */
const firstOn = ({ class: kind, priceCap }: Pick<NeedBody, 'class' | 'priceCap'>): DagValue => ({
  class: kind,
  spent: { money: priceCap, messages: 1, tokens: 0, ms: 0 },
});

/** The need that the envelope is about, and what would be spent on it. */
function needFacts(state: Told, payload: Payload): DagValue {
  if (payload.verb === 'NEED') return firstOn(payload.body);
  const need = payload.thread === null ? undefined : state.needs.get(payload.thread);
  if (need === undefined) return null;
  const messages = (state.policy?.messages.get(need.id) ?? 0) + 1;
  return { class: need.body.class, spent: { money: need.body.priceCap, messages, ...tookBy(payload) } };
}

/**
 * What the work behind an envelope took, by its worker's word: so it is that of this work alone, and nobody's word denies another's result.
 */
function tookBy(payload: Payload): { readonly ms: number; readonly tokens: number } {
  if (payload.verb !== 'COMMIT') return { ms: 0, tokens: 0 };
  const { wallMs, use } = payload.body.telemetry;
  return { ms: wallMs, tokens: use?.tokens ?? 0 };
}

/** What a result says that it used. The law sees no statement of it: blocks are not in the entry. */
function workFacts(payload: Payload, stated?: Stated): DagValue {
  const use = payload.verb === 'COMMIT' ? payload.body.telemetry.use : undefined;
  if (use === undefined && stated === undefined) return null;
  const { models = [], tools = [], egress = [] } = use ?? {};
  const { statements, cited } = stated ?? { statements: 0, cited: 0 };
  return { statements, cited, models, tools, egress: egress.map((flow) => ({ ...flow })) };
}
