import { existsSync } from 'node:fs';
import { type State, stateRoot, votingStakes } from '@canswarm/kernel';
import { sqliteStore, systemClock } from '@canswarm/local';
import { LamportClock } from '@canswarm/node';
import type { Signer, Store } from '@canswarm/ports';
import {
  type Bodies,
  buildPayload,
  type Crypto,
  type Did,
  equalBytes,
  fromHex,
  openEnvelope,
  type Payload,
  signEntry,
  signEnvelope,
  toHex,
  utf8,
  type VerifiedEnvelope,
} from '@canswarm/protocol';
import { readText, writeText } from '../home/files.ts';
import { signerOf } from '../host/agents.ts';
import { HostError } from '../host/host-error.ts';
import type { KeyRing } from '../host/key-ring.ts';
import type { NodeFolder } from '../host/network-folder.ts';

const KIND = 'canswarm/statements/1';
const BYTES_MAX = 1_048_576;

/** A key of a home that may sign, and the node that has it. */
export interface Holder {
  readonly node: NodeFolder;
  readonly signer: Signer;
}

/** What is signed: the next life, and the state that it begins at. */
const beginningOf = (state: State, { sha256 }: Pick<Crypto, 'sha256'>): Bodies['ATTEST_STATE'] => ({
  incarnation: state.incarnation + 1,
  root: fromHex(stateRoot(state, sha256)),
});

/** The keys of nodes whose word counts for a life to begin. Rejects where one cannot be opened. */
export async function holdersOf(
  nodes: readonly NodeFolder[],
  state: State,
  keys: KeyRing,
  crypto: Crypto,
): Promise<readonly Holder[]> {
  const stakes = votingStakes(state);
  const holders: Holder[] = [];
  for (const node of nodes) {
    const { agents, authorityKey } = node.read();
    const names = agents.filter(({ did }) => stakes.has(did)).map(({ key }) => key);
    if (authorityKey !== null && stakes.has(state.authority)) names.push(authorityKey);
    for (const name of new Set(names)) {
      const signer = signerOf(await keys.open(name), crypto);
      if (!holders.some((other) => other.signer.did === signer.did)) holders.push({ node, signer });
    }
  }
  return holders;
}

/**
 * Signs with each key where the next life begins, and remembers that in its node's store. Throws a HostError `life_signed` where it signed for
 * another beginning before, unless `again`.
 */
export function signStatements(
  holders: readonly Holder[],
  state: State,
  crypto: Crypto,
  again: boolean,
): readonly VerifiedEnvelope[] {
  const body = beginningOf(state, crypto);
  const mark = `${state.position} ${toHex(state.digest)} ${toHex(body.root)}`;
  return holders.map(({ node, signer }) =>
    withStore(node, (store) => {
      const key = `life/${body.incarnation}/${signer.did}`;
      const before = store.get(key);
      const signed = before === undefined ? mark : new TextDecoder().decode(before);
      if (signed !== mark && !again) throw signedOther(signer.did, body.incarnation, signed);
      store.batch([{ key, value: utf8(mark) }], { sync: true });
      const payload = buildPayload<'ATTEST_STATE'>({ ...frameOf(state, signer, store), verb: 'ATTEST_STATE', body });
      return opened(signEnvelope(payload as Payload, signer, crypto.sha256).bytes, crypto);
    }),
  );
}

/** The entry that begins the life, by one of the keys that signed, or another of the node. */
export const restartEntry = (
  { node, signer }: Holder,
  state: State,
  statements: readonly VerifiedEnvelope[],
  crypto: Crypto,
): Uint8Array =>
  withStore(node, (store) => {
    const body = beginningOf(state, crypto);
    const evidence = { envelopes: statements.map(({ bytes }) => bytes), blocks: [] };
    const draft = { ...frameOf(state, signer, store), verb: 'RESTART', body } as const;
    return signEntry<'RESTART'>(draft, evidence, signer, crypto.sha256).bytes;
  });

function frameOf(state: State, { did }: Signer, store: Store) {
  const { network, epoch, incarnation, position, digest } = state;
  const time = systemClock().now();
  const lamport = new LamportClock(store, did).next(time);
  return { network, thread: null, lamport, time, epoch, from: did, head: { incarnation, position, digest } };
}

function withStore<T>(node: NodeFolder, use: (store: Store) => T): T {
  const store = sqliteStore({ path: node.storePath });
  try {
    return use(store);
  } finally {
    store.close();
  }
}

/** Writes statements for the home that gathers them. */
export const writeStatements = (path: string, statements: readonly VerifiedEnvelope[]): void =>
  writeText(path, `${JSON.stringify({ kind: KIND, statements: statements.map(({ bytes }) => toHex(bytes)) })}\n`);

/**
 * The statements of a file, each signed for just this beginning. Throws a HostError: `file_broken`, or `statement_other` where one is of another
 * beginning.
 */
export function readStatements(path: string, state: State, crypto: Crypto): readonly VerifiedEnvelope[] {
  const text = existsSync(path) ? readText(path, { privacy: 'public', bytesMax: BYTES_MAX }) : null;
  if (text === null) throw new HostError('not_found', `there is no file ${path}`, 'Name the file that --sign wrote.');
  const due = beginningOf(state, crypto);
  return listed(path, text).map((hex) => {
    const envelope = /^([0-9a-f]{2})+$/.test(hex) ? openEnvelope(fromHex(hex), crypto) : null;
    if (envelope?.ok !== true) throw broken(path, 'a statement in it has no sound signature');
    const { payload } = envelope.envelope;
    const { incarnation, position, digest } = payload.head;
    const isDue =
      payload.verb === 'ATTEST_STATE' &&
      payload.network === state.network &&
      incarnation === state.incarnation &&
      position === state.position &&
      equalBytes(digest, state.digest) &&
      payload.body.incarnation === due.incarnation &&
      equalBytes(payload.body.root, due.root);
    if (!isDue)
      throw new HostError(
        'statement_other',
        `${path}: ${payload.from} signed where life ${'incarnation' in payload.body ? payload.body.incarnation : '?'} begins at position ${position}, and not that life ${due.incarnation} does at ${state.position} of this log`,
        'Nothing was changed. Have it signed anew there, against the log as it is now: canswarm recover log --new-life --sign FILE',
      );
    return envelope.envelope;
  });
}

function listed(path: string, text: string): readonly string[] {
  let document: unknown = null;
  try {
    document = JSON.parse(text);
  } catch {
    throw broken(path, 'it is no JSON');
  }
  const { kind, statements } = (document ?? {}) as { readonly kind?: unknown; readonly statements?: unknown };
  if (kind !== KIND || !Array.isArray(statements) || !statements.every((one) => typeof one === 'string'))
    throw broken(path, 'it is no file of statements');
  return statements;
}

function opened(bytes: Uint8Array, crypto: Crypto): VerifiedEnvelope {
  const verdict = openEnvelope(bytes, crypto);
  if (!verdict.ok) throw new Error(`an envelope that was just signed is refused: ${verdict.code}`);
  return verdict.envelope;
}

const broken = (path: string, what: string): HostError =>
  new HostError(
    'file_broken',
    `${path}: ${what}`,
    'Nothing was changed. Have it written anew: canswarm recover log --new-life --sign FILE',
  );

const signedOther = (did: Did, incarnation: number, signed: string): HostError =>
  new HostError(
    'life_signed',
    `${did} signed before that life ${incarnation} of the log begins at position ${signed.split(' ')[0]}, another place than the log ends at now`,
    'Nothing was changed. If that life began there, nodes only follow it: restore the log that has it. If it never began anywhere, sign again: --sign-again',
  );
