import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Did } from '@canswarm/protocol';
import { credits, Trace } from '../transcripts/trace.ts';
import { type Law, LOG_FEES, World } from '../world.ts';
import type { Attack, Played } from './attack.ts';

const FOLDER = join(import.meta.dirname, 'scenarios');

/** Every scenario by the name of its file. */
export async function attacks(): Promise<ReadonlyMap<string, Attack>> {
  const names = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.ts'))
    .sort();
  const all = new Map<string, Attack>();
  for (const name of names) {
    const { default: attack } = (await import(pathToFileURL(join(FOLDER, name)).href)) as { readonly default: Attack };
    all.set(name.replace(/\.ts$/, ''), attack);
  }
  return all;
}

/** Plays one attack in a world of its own, against the law as it is or another. Every invariant is checked after each entry. */
export function play(name: string, attack: Attack, law?: Law): Played {
  return playIn(attackWorld(attack, law), name, attack);
}

function attackWorld({ world: options = {} }: Attack, law?: Law): World {
  const params = { ...LOG_FEES, ...options.params };
  return new World({ ...options, params, ...(law === undefined ? {} : { law }) });
}

/** The transcript of an attack: what it came to, then the trace of all that the law was given. */
export function transcriptOf(name: string, attack: Attack): string {
  const world = attackWorld(attack);
  const { must, profit, fault, limit } = playIn(world, name, attack);
  const who = attack.attackers.map((one) => one.name).join(' ');
  const came = fault ?? `${profit > 0 ? '+' : ''}${credits(profit)} credits`;
  const head = [`# ${name}: ${must}`, `# by ${who}: ${came}`, ...(limit === null ? [] : [`# limit: ${limit}`])];
  return `${[...head, '', ...new Trace(world).lines()].join('\n')}\n`;
}

function playIn(world: World, name: string, { attackers, must, limit, plot }: Attack): Played {
  const keys = new Set(attackers.map(({ did }) => did));
  const before = wealth(world, keys);
  let fault: string | null = null;
  try {
    plot(world);
  } catch (error) {
    fault = error instanceof Error ? error.message : String(error);
  }
  return { name, must, limit: limit ?? null, profit: wealth(world, keys) - before, fault };
}

/** All that some keys own, wherever it is locked: read from the state, by account. */
function wealth({ state }: World, keys: ReadonlySet<Did>): number {
  const owners = new Map<string, Did>();
  for (const [did, all] of state.unbondings) for (const { id } of all) owners.set(`unbonding/${id}`, did);
  for (const { id, payer } of state.escrows.values()) owners.set(`hold/${id}`, payer);
  for (const { id, challenger, dispute } of [...state.challenges.values()].flat()) {
    owners.set(`bond/challenge/${id}`, challenger);
    for (const appeal of dispute?.appeals ?? []) owners.set(`bond/appeal/${appeal.id}`, appeal.appellant);
  }
  for (const { id, requester } of state.needs.values()) owners.set(`escrow/${id}`, requester);
  for (const [delegate, all] of state.delegations)
    for (const { delegator } of all) owners.set(`delegation/${delegator}/${delegate}`, delegator);
  const shares = [...state.committees.values()].flatMap(({ seats }) =>
    seats.flatMap(({ did, shares: some }) => some.map((share) => ({ did, ...share }))),
  );
  // What others bear of a reserve is theirs.
  let sum = shares.reduce(
    (borne, { did, delegator, amount }) => borne + (Number(keys.has(delegator)) - Number(keys.has(did))) * amount,
    0,
  );
  for (const [account, balance] of state.accounts) {
    const owner = owners.get(account) ?? (account.slice(account.lastIndexOf('/') + 1) as Did);
    if (keys.has(owner)) sum += balance;
  }
  return sum;
}

/** Whether the law held against it. */
export const isHeld = ({ must, profit, fault, limit }: Played): boolean =>
  fault === null && (must === 'impossible' || profit <= 0 || limit !== null);
