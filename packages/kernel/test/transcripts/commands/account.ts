import { conformDigest, type EnvelopeId, vectorPieces } from '@canswarm/protocol';
import type { AccountId } from '../../../src/accounts.ts';
import { joinOrg } from '../../support/join-org.ts';
import { sha256 } from '../../support/keys.ts';
import { EMPTY_VECTOR } from '../../support/policies.ts';
import { SALT } from '../../support/story.ts';
import { micro, period, type Stage } from '../stage.ts';
import { credits } from '../trace.ts';
import type { Command } from './command.ts';

/** The id that a trace calls by this name. */
function idOf(stage: Stage, name: string | undefined): EnvelopeId {
  const id = stage.trace.names.id(name ?? '');
  if (id === undefined) throw new Error(`nothing is called ${name}`);
  return id as EnvelopeId;
}

/** `transfer FROM TO AMOUNT [create]` */
const transfer: Command = (stage, { words: [from, to, amount = '', create] }) => {
  const body = { to: stage.key(to).did, amount: micro(amount), create: create === 'create' };
  stage.world.submit(stage.key(from), 'TRANSFER', body);
};

/** `mint TO AMOUNT [by=KEY]` */
const mint: Command = (stage, { words: [to, amount = ''], options }) => {
  const body = { to: stage.key(to).did, amount: micro(amount), create: false };
  stage.world.submit(stage.key(options.get('by') ?? 'authority'), 'MINT', body);
};

/** `escrow FROM TO AMOUNT PERIOD` */
const escrow: Command = (stage, { words: [from, to, amount = '', span = ''] }) => {
  const body = { to: stage.key(to).did, amount: micro(amount), periodMs: period(span), create: false };
  stage.world.submit(stage.key(from), 'ESCROW', body);
};

/** `settle KEY escrow@N AMOUNT` */
const settle: Command = (stage, { words: [by, name, amount = ''] }) => {
  stage.world.submit(stage.key(by), 'SETTLE', { escrow: idOf(stage, name), amount: micro(amount) });
};

/** `stake KEY AMOUNT` */
const stake: Command = (stage, { words: [by, amount = ''] }) => {
  stage.world.submit(stage.key(by), 'STAKE', { amount: micro(amount) });
};

/** `unbond KEY AMOUNT [from=DELEGATE]` */
const unbond: Command = (stage, { words: [by, amount = ''], options }) => {
  const from = options.get('from');
  const delegate = from === undefined ? null : stage.key(from).did;
  stage.world.submit(stage.key(by), 'UNBOND', { delegate, amount: micro(amount) });
};

/** `withdraw KEY unbond@N` */
const withdraw: Command = (stage, { words: [by, name] }) => {
  stage.world.submit(stage.key(by), 'WITHDRAW', { unbonding: idOf(stage, name) });
};

/** `delegate BY DELEGATOR DELEGATE AMOUNT`: said by the delegate how much it takes, by the delegator how much it puts there. */
const delegate: Command = (stage, { words: [by, from, to, amount = ''] }) => {
  const body = { delegator: stage.key(from).did, delegate: stage.key(to).did, amount: micro(amount) };
  stage.world.submit(stage.key(by), 'DELEGATE', body);
};

/** `join KEY ORG`: with a credential of the authority. */
const join: Command = (stage, { words: [by, org = ''] }) => {
  joinOrg(stage.world, stage.key(by), org);
};

/** `leave KEY` */
const leave: Command = (stage, { words: [by] }) => {
  stage.world.submit(stage.key(by), 'LEAVE', {});
};

/** `suspend KEY [by=KEY]`: shows a plan vote of the key that names a digest, where the network has no policy. */
const suspend: Command = (stage, line) => {
  const { story } = stage.scene(line);
  const member = stage.key(line.words[0]);
  const body = { need: story.id, round: 1, ballot: 1, draw: 0, winner: null, bidsSeen: [], policyDigest: SALT };
  const vote = stage.world.gossip(member, 'ATTEST_PLAN', body);
  const about = { member: member.did, vote: vote.id };
  stage.world.submit(stage.key(line.options.get('by') ?? 'requester'), 'SUSPEND', about, { envelopes: [vote] });
};

/** `conform KEY`: without a policy, or with one whose vector is empty, there is nothing to answer for. */
const conform: Command = (stage, { words: [by] }) => {
  const key = stage.key(by);
  const capsule = stage.world.state.policy?.present.cid ?? null;
  const { pieces, blocks } = vectorPieces(EMPTY_VECTOR, sha256) ?? { pieces: [], blocks: [] };
  const digest = conformDigest({ did: key.did, capsule, decisions: [] }, sha256);
  const body = { capsule, pieces: capsule === null ? [] : pieces, digest };
  stage.world.submit(key, 'CONFORM', body, capsule === null ? undefined : { blocks });
};

/** `balances ACCOUNT...`: `free/ada`, `burn`, `escrow/need@1`. */
const balances: Command = (stage, { words }) => {
  for (const account of words) {
    const named = account.split('/').map((part, index) => (index === 0 ? part : idFor(stage, part)));
    stage.say(`${account} ${credits(stage.world.balance(named.join('/') as AccountId))}`);
  }
};

const idFor = (stage: Stage, name: string): string => stage.trace.names.id(name) ?? stage.key(name).did;

export const ACCOUNT_COMMANDS: Readonly<Record<string, Command>> = {
  transfer,
  mint,
  escrow,
  settle,
  stake,
  unbond,
  withdraw,
  delegate,
  join,
  leave,
  suspend,
  conform,
  balances,
};
