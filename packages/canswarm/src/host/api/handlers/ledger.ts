import type { Account, Input, Output } from '@canswarm/api';
import {
  backing,
  balanceOf,
  committeeSize,
  delegationAccount,
  drawable,
  entityOf,
  escrowsOf,
  freeAccount,
  holdAccount,
  identityOf,
  isSuspended,
  isVerifier,
  JUDGING,
  ownStake,
  pointsOf,
  poolOf,
  reserveAccount,
  type State,
  seatsOf,
  stakeAccount,
  stakeOf,
  standingBps,
  trialAccount,
  unbondingAccount,
  unbondingsOf,
  unbondingTimer,
} from '@canswarm/kernel';
import { type Did, fromHex, parseCid, parseDid } from '@canswarm/protocol';
import { auditLine } from '../../../audit/audit-line.ts';
import { HostError } from '../../host-error.ts';
import { orgOf } from '../../known-offers.ts';
import type { HostParts } from '../../run-host.ts';
import { sayApplied } from '../../say-applied.ts';
import type { ApiHandlers, ApiOptions } from '../handler-types.ts';

type Pool = Output<'pool'>;

/** Money, stake and pool. */
export function ledgerHandlers({
  parts,
}: ApiOptions): Pick<ApiHandlers, 'auditLog' | 'account' | 'pool' | 'postEntry'> {
  const { node, looks } = parts;
  const nameOf = (did: Did): string => looks.nameOf(did);
  return {
    auditLog: () => ({ size: null, chunks: linesOf(parts) }),
    account: ({ did }) => accountFor(parts, didOf(did), nameOf),
    pool: () => poolFor(node.state, nameOf),
    async postEntry({ body: { by, say } }) {
      const did = keyOf(parts, by);
      if (say.verb === 'STAKE') requireUse(parts, did);
      const { position, entry, events } = await sayApplied(node, did, saidBy(node.state, did, say));
      return { id: entry.envelope.id, position, by: did, events: [...events] };
    },
  };
}

type Said = Parameters<typeof sayApplied>[2];

type Say = Input<'postEntry'>['body']['say'];

/** Throws a HostError `usage` for a key or an id that has the letters of one and is none: nothing with it can be signed. */
function requireNames(say: Say): void {
  const named = [
    'to' in say ? say.to : undefined,
    'delegate' in say ? say.delegate : undefined,
    'delegator' in say ? say.delegator : undefined,
  ];
  const wrong = named.find((did) => did !== undefined && parseDid(did) === undefined);
  if (wrong !== undefined)
    throw new HostError('usage', `${wrong} is no key`, 'A key is a did:key of Ed25519. Is it mistyped?');
  const id = 'escrow' in say ? say.escrow : 'unbonding' in say ? say.unbonding : undefined;
  if (id !== undefined && parseCid(id) === undefined)
    throw new HostError('usage', `${id} is no id`, 'It is the CID of the entry that began it. Is it mistyped?');
}

function saidBy({ members }: State, did: Did, say: Say): Said {
  requireNames(say);
  const { verb, ...body } = say;
  if (say.verb === 'UNBOND')
    return { verb: 'UNBOND', body: { amount: say.amount, delegate: parseDid(say.delegate ?? '') ?? null } };
  if (verb !== 'JOIN') return { verb, body } as Said;
  const member = members.get(did);
  // Who takes part has no use for joining again.
  if (member === undefined || member.active || member.tip === null || member.revealsLeft === 0)
    throw new HostError(
      'refused',
      `${did} is no verifier that could join again`,
      'It must have left or fallen silent, and needs a hash chain with reveals left.',
    );
  return { verb, body: { tip: fromHex(member.tip), length: member.revealsLeft, credential: null } };
}

/** The log up to now, from this node's own records. */
async function* linesOf({ node }: HostParts): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let position = 0;
  for (const { bytes } of node.entries()) {
    position += 1;
    yield encoder.encode(`${auditLine(position, bytes)}\n`);
  }
}

function didOf(text: string): Did {
  const did = parseDid(text);
  if (did === undefined) throw new HostError('not_found', `${text} is no key`, 'A key is a did:key of Ed25519.');
  return did;
}

/** The key of this node that is meant by a did or the name of an agent. */
export function keyOf({ node, file }: HostParts, by: string): Did {
  const named = file.agents.find(({ name, did }) => name === by || did === by)?.did;
  if (named !== undefined && node.identities.some(({ signer }) => signer.did === named)) return named;
  const known = file.agents.map(({ name }) => name).join(', ');
  throw new HostError('not_found', `the node "${file.name}" holds no key of ${by}`, `It has those of: ${known}`);
}

/**
 * The law lets any key stake. That of no verifier sits nowhere: unless somebody takes it behind a verifier of its own, its stake would
 * answer for nothing, and be out of its reach.
 */
function requireUse({ file, node: { state } }: HostParts, did: Did): void {
  const agent = file.agents.find((one) => one.did === did);
  if (agent !== undefined && agent.chainLength !== null) return;
  if (delegationsWith(state, did).some(({ delegator, most }) => delegator === did && most > 0)) return;
  const verifiers = file.agents.filter(({ chainLength }) => chainLength !== null).map(({ name }) => name);
  const hint =
    verifiers.length === 0
      ? 'This node has no verifier. An agent with "evaluate" becomes one when it is attached: canswarm agent run'
      : `Verifiers of this node: ${verifiers.join(', ')}. One that takes stake of others says so with: canswarm stake admit`;
  throw new HostError('refused', `${agent?.name ?? did} is no verifier: its stake would answer for nothing`, hint);
}

/** Delegations of a key and to it, in order of their delegates. */
const delegationsWith = (state: State, did: Did): Account['delegations'] =>
  [...state.delegations]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([delegate, all]) =>
      all
        .filter(({ delegator }) => delegator === did || delegate === did)
        .map(({ delegator, most, reserved }) => ({
          delegator,
          delegate,
          most,
          free: balanceOf(state.accounts, delegationAccount(delegator, delegate)),
          reserved,
        })),
    );

type NameOf = (did: Did) => string;

/** A key of this node has an account, empty or not; of others those that the log names. */
function accountFor({ node: { state }, file }: HostParts, did: Did, nameOf: NameOf): Account {
  const account = accountOf(state, did, nameOf);
  const isNamed = state.accounts.has(freeAccount(did)) || state.members.has(did) || account.escrows.length > 0;
  if (isNamed || account.stake > 0 || file.agents.some((agent) => agent.did === did)) return account;
  throw new HostError('not_found', `${did} has no account`, 'Nothing of the log names it.');
}

function accountOf(state: State, did: Did, nameOf: NameOf): Account {
  const { accounts, members, timers, position } = state;
  const member = members.get(did);
  const escrows = escrowsOf(state, did);
  return {
    did,
    name: nameOf(did),
    org: orgOf(state, did),
    position,
    free: balanceOf(accounts, freeAccount(did)),
    withheld: balanceOf(accounts, trialAccount(did)),
    stake: balanceOf(accounts, stakeAccount(did)),
    reserve: balanceOf(accounts, reserveAccount(did)),
    active: member === undefined || member.tip === null ? null : isVerifier(state, member),
    silences: member?.silences ?? 0,
    suspended: isSuspended(state, did),
    unbondings: unbondingsOf(state, did).map(({ id, over, delegate }) => ({
      id,
      amount: balanceOf(accounts, unbondingAccount(id)),
      endsAt: timers.started.get(unbondingTimer(did, id)) ?? null,
      over,
      delegate,
    })),
    delegations: delegationsWith(state, did),
    reputation: [...state.reputation].flatMap(([domain, all]) => {
      const points = all.get(identityOf(state, did)) ?? 0;
      return points === 0 ? [] : [{ domain, points, standing: standingBps(state.params, points) }];
    }),
    escrows: escrows.map(({ id, payer, payee }) => ({
      id,
      payer,
      payee,
      amount: balanceOf(accounts, holdAccount(id)),
      endsAt: timers.started.get(`hold_end:${id}`) ?? null,
    })),
  };
}

function poolFor(state: State, nameOf: NameOf): Pool {
  const { params, position, time, members, pendingDraws, committees } = state;
  const pool = poolOf(state);
  const sizes = Array.from({ length: params.maxAttempts }, (_, index) =>
    committeeSize(state, pool, {
      eligible: drawable(state, pool).entities.length,
      level: index + 1,
      bootstrap: state.bootstrap !== null,
    }),
  );
  const drawn = new Set(pool.entities.flatMap(({ keys }) => keys.map(({ did }) => did)));
  const away = [...members.values()].filter(({ did, tip }) => tip !== null && !drawn.has(did));
  return {
    position,
    logTime: time,
    active: pool.active,
    k: sizes.flatMap((size) => (size === null ? [] : [size.k])),
    least: params.minEligible,
    relaxed: sizes[0]?.relaxed ?? false,
    lacks: lacksOf(state),
    bootstrap: bootstrapOf(state),
    pendingDraws: pendingDraws.size,
    committees: committees.size,
    entities: pool.entities.map(({ entity, asn, region, weight, keys }) => ({
      entity,
      asn,
      region,
      weight,
      standing: standingBps(params, entity.startsWith('org:') ? pointsOf(state, JUDGING, entity) : 0),
      keys: keys.map(({ did, stake }) => ({
        did,
        name: nameOf(did),
        stake,
        own: ownStake(state, did),
        free: backing(state, did),
        seats: seatsOf(state, did).length,
        suspended: isSuspended(state, did),
      })),
    })),
    away: away.map(({ did, active, silences }) => ({
      did,
      name: nameOf(did),
      entity: entityOf(state, did),
      stake: stakeOf(state, did),
      active,
      silences,
    })),
  };
}

function lacksOf(state: State): Pool['lacks'] {
  const { active, entities } = poolOf(state);
  const { bootstrapVerifiers, minEligible } = state.params;
  return [
    { what: 'verifiers' as const, is: active, least: bootstrapVerifiers },
    { what: 'organisations' as const, is: entities.length, least: minEligible },
  ].filter(({ is, least }) => is < least);
}

function bootstrapOf({ bootstrap, params }: State): Pool['bootstrap'] {
  if (bootstrap === null) return null;
  const {
    bootstrapVerifiers: verifiers,
    bootstrapMs: forMs,
    bootstrapNeeds: needs,
    bootstrapValueMax: valueMax,
  } = params;
  return { ...bootstrap, verifiers, forMs, needs, valueMax };
}
