import {
  type FileMap,
  HireError,
  type PostedWork,
  type ProofOptions,
  type SkillOffer,
  type VerificationTerms,
  type WorkDesk,
  type WorkEvent,
  type WorkOutput,
  type WorkPart,
  type WorkRequest,
  type WorkState,
} from '@canswarm/agent';
import {
  type ApiClient,
  type WorkRequest as ApiWork,
  bytesOf,
  type NamedFile,
  type NeedEvent,
  type NeedRecord,
} from '@canswarm/api';
import type { JsonValue } from '@canswarm/ports';
import { asNeedId, type Cid, type Did, type NeedId, parseCid, parseDid } from '@canswarm/protocol';
import { takeResult } from '../host/save-result.ts';
import { storeOwnPolicy } from '../policy/own-policy.ts';

/** The desk of a running node, over its API. Rejects with an ApiError, besides what a desk says. */
export class ApiDesk implements WorkDesk {
  readonly #client: ApiClient;
  readonly #find: WorkDesk['find'];

  /** @param find how somebody offers a skill */
  constructor(client: ApiClient, find: WorkDesk['find']) {
    this.#client = client;
    this.#find = find;
  }

  async post(request: WorkRequest, idempotencyKey: string | null): Promise<PostedWork> {
    const { input, files, verification, plan, sealedCap, policy, ...plain } = request;
    const body: ApiWork = {
      ...plain,
      ...(sealedCap === null ? {} : { sealedCap }),
      ...(policy === null ? {} : { policy: await storeOwnPolicy(this.#client, policy) }),
      input,
      files: await this.#store(files),
      inputSchema: { ...plain.inputSchema },
      outputSchema: { ...plain.outputSchema },
      verification: await this.#verification(verification),
      plan: plan === null ? null : { tasks: plan.tasks, parts: await this.#parts(plan.parts) },
    };
    const { needId, escrow, waitMs } = await this.#client.postWork({
      body,
      idempotencyKey: idempotencyKey ?? undefined,
    });
    return { need: needOf(needId), escrow, waitMs };
  }

  async state(need: NeedId): Promise<WorkState> {
    return stateOf(await this.#client.getNeed({ id: need }));
  }

  async *events(need: NeedId, signal: AbortSignal): AsyncGenerator<WorkEvent> {
    for await (const event of this.#client.needEvents({ id: need }, { signal })) {
      if (event.type === 'end') return;
      if (event.type === 'entry') yield entryOf(event.data);
      if (event.type === 'progress') yield progressOf(event.data);
    }
  }

  async output(need: NeedId): Promise<WorkOutput> {
    const { value, files } = await this.#client.workOutput({ id: need });
    return { value: value as JsonValue, files: files.map(({ name, cid, size }) => ({ name, cid: cidOf(cid), size })) };
  }

  async file(need: NeedId, name: string): Promise<Uint8Array> {
    const { files } = await this.output(need);
    const file = files.find((one) => one.name === name);
    if (file === undefined) throw new RangeError(`the output has no file ${JSON.stringify(name)}`);
    return bytesOf(await this.#client.getFile({ cid: file.cid, size: file.size }), file.size);
  }

  async proof(need: NeedId, { includeSources }: ProofOptions): Promise<FileMap> {
    return (await takeResult(this.#client, { id: need, includeSources })).files;
  }

  async cancel(need: NeedId): Promise<void> {
    await this.#client.cancelNeed({ id: need });
  }

  find(skill: string): Promise<SkillOffer | null> {
    return this.#find(skill);
  }

  async #verification({ checks, module, example }: VerificationTerms): Promise<ApiWork['verification']> {
    return {
      checks: [...checks],
      module,
      example:
        example === null
          ? null
          : {
              input: example.input,
              output: example.output,
              files: await this.#store(example.files),
              outputFiles: await this.#store(example.outputFiles),
            },
    };
  }

  async #parts(parts: readonly WorkPart[]): Promise<NonNullable<ApiWork['plan']>['parts']> {
    const asked: NonNullable<ApiWork['plan']>['parts'][number][] = [];
    for (const { skill, inputSchema, outputSchema, verification } of parts) {
      const schemas = { inputSchema: { ...inputSchema }, outputSchema: { ...outputSchema } };
      asked.push({ skill, ...schemas, verification: await this.#verification(verification) });
    }
    return asked;
  }

  /** Stores files, one after the other: each may be large. */
  async #store(files: FileMap): Promise<NamedFile[]> {
    const stored: NamedFile[] = [];
    for (const [name, body] of files) stored.push({ name, ...(await this.#client.putFile({ body })) });
    return stored;
  }
}

type Told<Type extends NeedEvent['type']> = Extract<NeedEvent, { type: Type }>['data'];

function entryOf({ position, accepted, code, time, reasons, role, after, ...data }: Told<'entry'>): WorkEvent {
  // Verbs and events are the kernel's, told as they are.
  const told = { verb: data.verb, events: data.events } as unknown as Pick<
    WorkEvent & { type: 'entry' },
    'verb' | 'events'
  >;
  const from = didOf(data.from);
  return { type: 'entry', position, ...told, from, name: role, accepted, code, time, stage: after.stage, reasons };
}

const progressOf = ({ from, role, done, total, note }: Told<'progress'>): WorkEvent => ({
  type: 'progress',
  from: didOf(from),
  name: role,
  done,
  total,
  note,
});

function stateOf({ stage, worker, reason, settledAt, plan }: NeedRecord): WorkState {
  const holder = worker === null ? null : didOf(worker);
  const tasks = (plan?.tasks ?? []).map((task) => ({
    ...task,
    need: needOf(task.need),
    worker: task.worker === null ? null : didOf(task.worker),
  }));
  return { stage, worker: holder, reason: stage === 'final' ? null : reason, settled: settledAt !== null, tasks };
}

const cidOf = (text: string): Cid => parseCid(text) ?? nonsense();
const didOf = (text: string): Did => parseDid(text) ?? nonsense();

function nonsense(): never {
  throw new HireError('gone', 'the node answers nonsense', 'Is it the same version?');
}

const needOf = (text: string): NeedId => asNeedId(cidOf(text));
