import {
  blockFetcher,
  type FileMap,
  HireError,
  type PostedWork,
  type ProofOptions,
  readBundle,
  type SkillOffer,
  type WorkDesk,
  type WorkEvent,
  type WorkOutput,
  type WorkRequest,
  type WorkState,
} from '@canswarm/agent';
import { needEscrow } from '@canswarm/kernel';
import type { Node } from '@canswarm/node';
import type { Clock, ContentStore, SkillRunner } from '@canswarm/ports';
import { type ArtifactRef, type Crypto, type Did, type Genesis, type NeedId, toHex, utf8 } from '@canswarm/protocol';
import { paidFor } from '../host/fee-lacking.ts';
import { HostError } from '../host/host-error.ts';
import type { NeedBook, NeedEvent, NeedRecord } from '../host/need-book.ts';
import { makeResult } from '../host/result.ts';
import { type KeepAs, takenByLog } from '../host/taken-by-log.ts';
import { cancelWhenAlone } from './cancel-when-alone.ts';
import { prepareWork } from './prepare-work.ts';
import type { ProgressBoard } from './progress-board.ts';

export interface LocalDeskOptions {
  readonly genesis: Genesis;
  readonly node: Node;
  /** Whose money is spent: a key of this node. */
  readonly requester: Did;
  readonly book: NeedBook;
  readonly board: ProgressBoard;
  readonly content: ContentStore;
  readonly crypto: Crypto;
  readonly runner: SkillRunner;
  readonly clock: Clock;
  readonly nameOf: (did: Did) => string;
  readonly find: (skill: string) => Promise<SkillOffer | null>;
}

/** The desk of a node in this process. */
export class LocalDesk implements WorkDesk {
  readonly #options: LocalDeskOptions;
  /** By idempotency key, for as long as this process lives. */
  readonly #posted = new Map<string, { readonly said: string; readonly posted: Promise<PostedWork> }>();

  constructor(options: LocalDeskOptions) {
    this.#options = options;
  }

  async post(request: WorkRequest, idempotencyKey: string | null): Promise<PostedWork> {
    if (idempotencyKey === null) return this.postKept(request, null);
    const said = hashOf(request, this.#options.crypto);
    const before = this.#posted.get(idempotencyKey);
    if (before !== undefined && before.said !== said) {
      const hint = 'Use another key for other work.';
      throw new HireError('idempotency_conflict', `other work was posted under the key "${idempotencyKey}"`, hint);
    }
    const posted = before?.posted ?? this.postKept(request, null);
    this.#posted.set(idempotencyKey, { said, posted });
    posted.catch(() => this.#posted.delete(idempotencyKey));
    return posted;
  }

  /** Posts work; `keepAs` makes of the answer what is durable before the need leaves. Rejects with a HireError or HostError. */
  async postKept(request: WorkRequest, keepAs: KeepAs<PostedWork> | null): Promise<PostedWork> {
    const { node, requester, content, crypto, runner, clock } = this.#options;
    const { state } = node;
    const body = await prepareWork(request, { state, content, sha256: crypto.sha256, runner });
    const { bidMs, challengeMs } = body.windows;
    const facts = { escrow: needEscrow(state, body).total, waitMs: bidMs + challengeMs };
    const answerOf = (need: NeedId): PostedWork => ({ need, ...facts });
    const { sealedCap } = request;
    const post = () => node.postNeed(requester, body, keepAs?.(answerOf) ?? null, sealedCap);
    const need = await takenByLog(node, post).catch(refusal);
    cancelWhenAlone({ node, did: requester }, need, clock);
    return answerOf(need);
  }

  async state(need: NeedId): Promise<WorkState> {
    const record = this.#options.book.get(need);
    // Posted, and not in the log yet.
    if (record === undefined) return { stage: 'open', worker: null, reason: null, settled: false, tasks: [] };
    const { stage, worker, reason, settledAt } = record;
    const tasks = (record.plan?.tasks ?? []).map((task) => ({ ...task }));
    return { stage, worker, reason: stage === 'final' ? null : reason, settled: settledAt !== null, tasks };
  }

  async *events(need: NeedId, signal: AbortSignal): AsyncGenerator<WorkEvent> {
    const { book, board } = this.#options;
    const waiting: WorkEvent[] = [];
    let wake = (): void => undefined;
    const tell = (event: WorkEvent): void => {
      waiting.push(event);
      wake();
    };
    const stops = [
      book.listen(need, (event) => tell(this.#entry(event))),
      board.listen(need, ({ from, done, total, note }) =>
        tell({ type: 'progress', from, name: this.#options.nameOf(from), done, total, note }),
      ),
    ];
    // Listened to first and read in the same turn: nothing is told twice and nothing left out.
    const before = [...book.events(need)];
    const onAbort = (): void => wake();
    signal.addEventListener('abort', onAbort);
    try {
      for (const event of before) yield this.#entry(event);
      while (!signal.aborted) {
        const event = waiting.shift();
        if (event !== undefined) yield event;
        else if (isOver(book.get(need))) return;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
            if (signal.aborted || waiting.length > 0) resolve();
          });
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      for (const stop of stops) stop();
    }
  }

  async output(need: NeedId): Promise<WorkOutput> {
    const { value, files } = await this.#bundle(need);
    const listed = files.names().map((name) => {
      const [cid, size] = [files.cid(name), files.size(name)];
      if (cid === undefined || size === undefined) throw new Error(`${name} is listed and not there`);
      return { name, cid, size };
    });
    return { value, files: listed };
  }

  async file(need: NeedId, name: string): Promise<Uint8Array> {
    return (await this.#bundle(need)).files.bytes(name);
  }

  async proof(need: NeedId, { includeSources }: ProofOptions): Promise<FileMap> {
    const { genesis, node, book, content, crypto } = this.#options;
    const record = book.get(need);
    if (record === undefined) throw notDone(record, 'it has no final result');
    const made = await makeResult({ genesis, node, record, content, crypto, includeSources }).catch(refusal);
    return made.brief.files;
  }

  async cancel(need: NeedId): Promise<void> {
    const { node, requester } = this.#options;
    const open = node.state.needs.get(need);
    if (open === undefined || open.lease !== null || open.commits.length > 0)
      throw new HireError('not_done', 'the need has ended, or somebody works on it', 'It cannot be taken back now.');
    await paidFor(node.command(requester, { verb: 'CANCEL', body: { need } }, need)).catch(refusal);
  }

  find(skill: string): Promise<SkillOffer | null> {
    return this.#options.find(skill);
  }

  #entry({ position, verb, from, accepted, code, time, stage, events, reasons }: NeedEvent): WorkEvent {
    const name = this.#options.nameOf(from);
    return { type: 'entry', position, verb, from, name, accepted, code, time, stage, events, reasons };
  }

  async #bundle(need: NeedId): ReturnType<typeof readBundle> {
    const record = this.#options.book.get(need);
    const [output] = record?.outputs ?? [];
    if (output === undefined) throw notDone(record, 'it has no final result');
    return readBundle(output as ArtifactRef, blockFetcher(this.#options.content));
  }
}

function refusal(error: unknown): never {
  if (!(error instanceof HostError)) throw error;
  const code = error.code === 'not_final' ? 'not_done' : 'refused';
  throw new HireError(code, error.message, error.hint, { cause: error });
}

/** Of everything that makes work the same. */
function hashOf(request: WorkRequest, { sha256 }: Crypto): string {
  const plain = JSON.stringify(request, (_key, value: unknown) => {
    if (value instanceof Map) return [...value];
    return value instanceof Uint8Array ? toHex(sha256(value)) : value;
  });
  return toHex(sha256(utf8(plain)));
}

const isOver = (record: NeedRecord | undefined): boolean => record !== undefined && record.settledAt !== null;

const notDone = (record: NeedRecord | undefined, what: string): HireError =>
  new HireError(
    'not_done',
    record?.reason == null ? what : `the need ended without a result: ${record.reason}`,
    'Watch it.',
  );
