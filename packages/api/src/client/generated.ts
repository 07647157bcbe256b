// Written by scripts/generate-client.ts from docs/reference/openapi.json: change the table of operations instead.

import { type ByteStream, Caller, type CallOptions, segment, segments } from './caller.ts';
import type {
  Account,
  AgentUpdate,
  AppealRequest,
  AttachedAgent,
  AttachRequest,
  BriefRequest,
  Challenge,
  ChallengeRequest,
  Challenges,
  Cid,
  Did,
  EntryRequest,
  EntryTaken,
  FoundAgents,
  Health,
  Heard,
  Invitation,
  JobLine,
  JobOutcome,
  JobProgress,
  JudgementRequest,
  JudgementSaid,
  NeedEvent,
  NeedOutlook,
  NeedPage,
  NeedRecord,
  NeedRef,
  NeedResult,
  NeedStory,
  NodeStatus,
  OpenApi,
  Plant,
  PlantRequest,
  Plants,
  PolicyRequest,
  PolicyTaken,
  Pool,
  PostedBrief,
  PostedWork,
  Reach,
  SessionEvent,
  Stopping,
  StoredBlocks,
  StoredFile,
  WorkOutput,
  WorkRequest,
} from './generated-types.ts';
import type { ClientTransport, RequestBody } from './transport.ts';

/** A node of CAN Swarm: a method for each operation. Each rejects with an ApiError, or with the reason of the signal given. */
export class ApiClient {
  readonly #caller: Caller;

  constructor(transport: ClientTransport) {
    this.#caller = new Caller(transport);
  }

  /** Whether the node answers. `GET /v1/health` */
  health(options: CallOptions = {}): Promise<Health> {
    return this.#caller.json({ method: 'GET', path: '/v1/health', answerMs: 10000 }, options);
  }

  /** This document. `GET /v1/openapi.json` */
  openApi(options: CallOptions = {}): Promise<OpenApi> {
    return this.#caller.json({ method: 'GET', path: '/v1/openapi.json', answerMs: 10000 }, options);
  }

  /** What the node says of itself. `GET /v1/status` */
  status(options: CallOptions = {}): Promise<NodeStatus> {
    return this.#caller.json({ method: 'GET', path: '/v1/status', answerMs: 10000 }, options);
  }

  /** Whether the peers that it is connected with answer it. `GET /v1/reach` */
  reach(options: CallOptions = {}): Promise<Reach> {
    return this.#caller.json({ method: 'GET', path: '/v1/reach', answerMs: 10000 }, options);
  }

  /** Make an invitation for one more organisation. `POST /v1/invitations` */
  invite(options: CallOptions = {}): Promise<Invitation> {
    return this.#caller.json({ method: 'POST', path: '/v1/invitations', answerMs: 10000 }, options);
  }

  /** Stop the node in order. `POST /v1/stop` */
  stop(options: CallOptions = {}): Promise<Stopping> {
    return this.#caller.json({ method: 'POST', path: '/v1/stop', answerMs: 10000 }, options);
  }

  /** The needs that the node knows, newest first. `GET /v1/needs` */
  listNeeds(
    input: { readonly limit?: number | undefined; readonly cursor?: string | undefined } = {},
    options: CallOptions = {},
  ): Promise<NeedPage> {
    return this.#caller.json(
      { method: 'GET', path: '/v1/needs', query: { limit: input.limit, cursor: input.cursor }, answerMs: 10000 },
      options,
    );
  }

  /** Hire an agent: post a need for work, with the way its result is to be judged. `POST /v1/needs` */
  postWork(
    input: { readonly idempotencyKey?: string | undefined; readonly body: WorkRequest },
    options: CallOptions = {},
  ): Promise<PostedWork> {
    return this.#caller.json(
      {
        method: 'POST',
        path: '/v1/needs',
        headers: { 'Idempotency-Key': input.idempotencyKey },
        json: input.body,
        answerMs: 300000,
      },
      options,
    );
  }

  /** Where a need stands. `GET /v1/needs/{id}` */
  getNeed(input: { readonly id: string }, options: CallOptions = {}): Promise<NeedRecord> {
    return this.#caller.json({ method: 'GET', path: `/v1/needs/${segment(input.id)}`, answerMs: 10000 }, options);
  }

  /** The story of a need: what was, then what happens, until its last seat is paid. `GET /v1/needs/{id}/events` */
  needEvents(
    input: { readonly id: string; readonly lastEventId?: string | undefined },
    options: CallOptions = {},
  ): AsyncGenerator<NeedEvent, void, undefined> {
    return this.#caller.events(
      {
        method: 'GET',
        path: `/v1/needs/${segment(input.id)}/events`,
        headers: { 'Last-Event-ID': input.lastEventId },
        answerMs: 10000,
      },
      options,
    );
  }

  /** What happened to a need so far, and where it stands. `GET /v1/needs/{id}/story` */
  needStory(
    input: { readonly id: string; readonly limit?: number | undefined; readonly after?: string | undefined },
    options: CallOptions = {},
  ): Promise<NeedStory> {
    return this.#caller.json(
      {
        method: 'GET',
        path: `/v1/needs/${segment(input.id)}/story`,
        query: { limit: input.limit, after: input.after },
        answerMs: 10000,
      },
      options,
    );
  }

  /** What the node has heard of a need beyond the log: bids, votes, signs of life; and why it has no result. `GET /v1/needs/{id}/outlook` */
  needOutlook(input: { readonly id: string }, options: CallOptions = {}): Promise<NeedOutlook> {
    return this.#caller.json(
      { method: 'GET', path: `/v1/needs/${segment(input.id)}/outlook`, answerMs: 10000 },
      options,
    );
  }

  /** Post a need for a cited brief over a folder of the machine of the node. `POST /v1/briefs` */
  postBrief(
    input: { readonly idempotencyKey?: string | undefined; readonly body: BriefRequest },
    options: CallOptions = {},
  ): Promise<PostedBrief> {
    return this.#caller.json(
      {
        method: 'POST',
        path: '/v1/briefs',
        headers: { 'Idempotency-Key': input.idempotencyKey },
        json: input.body,
        answerMs: 300000,
      },
      options,
    );
  }

  /** The final output of work that was hired. `GET /v1/needs/{id}/output` */
  workOutput(input: { readonly id: string }, options: CallOptions = {}): Promise<WorkOutput> {
    return this.#caller.json(
      { method: 'GET', path: `/v1/needs/${segment(input.id)}/output`, answerMs: 300000 },
      options,
    );
  }

  /** Take a need back while nobody works on it. `POST /v1/needs/{id}/cancel` */
  cancelNeed(input: { readonly id: string }, options: CallOptions = {}): Promise<NeedRef> {
    return this.#caller.json(
      { method: 'POST', path: `/v1/needs/${segment(input.id)}/cancel`, answerMs: 10000 },
      options,
    );
  }

  /** The final result of a need whose last seat is paid, and which files prove it. `GET /v1/needs/{id}/result` */
  needResult(
    input: { readonly id: string; readonly includeSources?: boolean | undefined },
    options: CallOptions = {},
  ): Promise<NeedResult> {
    return this.#caller.json(
      {
        method: 'GET',
        path: `/v1/needs/${segment(input.id)}/result`,
        query: { includeSources: input.includeSources },
        answerMs: 300000,
      },
      options,
    );
  }

  /** One file of a final result or its proof. `GET /v1/needs/{id}/result/files/{name}` */
  needResultFile(
    input: { readonly id: string; readonly name: string; readonly includeSources?: boolean | undefined },
    options: CallOptions = {},
  ): Promise<ByteStream> {
    return this.#caller.bytes(
      {
        method: 'GET',
        path: `/v1/needs/${segment(input.id)}/result/files/${segments(input.name)}`,
        query: { includeSources: input.includeSources },
        answerMs: 300000,
      },
      options,
    );
  }

  /** Agents of this node and of the peers that it is connected with. `GET /v1/agents` */
  findAgents(input: { readonly query?: string | undefined } = {}, options: CallOptions = {}): Promise<FoundAgents> {
    return this.#caller.json(
      { method: 'GET', path: '/v1/agents', query: { query: input.query }, answerMs: 10000 },
      options,
    );
  }

  /** Let an agent of the owner take part through this node. `POST /v1/agents` */
  attachAgent(input: { readonly body: AttachRequest }, options: CallOptions = {}): Promise<AttachedAgent> {
    return this.#caller.json({ method: 'POST', path: '/v1/agents', json: input.body, answerMs: 150000 }, options);
  }

  /** Say what an attached agent is after its code was changed. `PUT /v1/sessions/{session}/manifest` */
  updateAgent(
    input: { readonly session: string; readonly body: AgentUpdate },
    options: CallOptions = {},
  ): Promise<Heard> {
    return this.#caller.json(
      { method: 'PUT', path: `/v1/sessions/${segment(input.session)}/manifest`, json: input.body, answerMs: 10000 },
      options,
    );
  }

  /** Work for an attached agent, and what the log says of it. `GET /v1/sessions/{session}/events` */
  sessionEvents(
    input: { readonly session: string },
    options: CallOptions = {},
  ): AsyncGenerator<SessionEvent, void, undefined> {
    return this.#caller.events(
      { method: 'GET', path: `/v1/sessions/${segment(input.session)}/events`, answerMs: 10000 },
      options,
    );
  }

  /** How far a job is; who hired sees it. `POST /v1/sessions/{session}/jobs/{id}/progress` */
  jobProgress(
    input: { readonly session: string; readonly id: string; readonly body: JobProgress },
    options: CallOptions = {},
  ): Promise<Heard> {
    return this.#caller.json(
      {
        method: 'POST',
        path: `/v1/sessions/${segment(input.session)}/jobs/${segment(input.id)}/progress`,
        json: input.body,
        answerMs: 10000,
      },
      options,
    );
  }

  /** A line about a job for the log of the node. `POST /v1/sessions/{session}/jobs/{id}/lines` */
  jobLine(
    input: { readonly session: string; readonly id: string; readonly body: JobLine },
    options: CallOptions = {},
  ): Promise<Heard> {
    return this.#caller.json(
      {
        method: 'POST',
        path: `/v1/sessions/${segment(input.session)}/jobs/${segment(input.id)}/lines`,
        json: input.body,
        answerMs: 10000,
      },
      options,
    );
  }

  /** How a job ended. `POST /v1/sessions/{session}/jobs/{id}/outcome` */
  settleJob(
    input: { readonly session: string; readonly id: string; readonly body: JobOutcome },
    options: CallOptions = {},
  ): Promise<Heard> {
    return this.#caller.json(
      {
        method: 'POST',
        path: `/v1/sessions/${segment(input.session)}/jobs/${segment(input.id)}/outcome`,
        json: input.body,
        answerMs: 10000,
      },
      options,
    );
  }

  /** The log up to now as an audit export: JSON Lines, from which every balance follows. `GET /v1/log` */
  auditLog(options: CallOptions = {}): Promise<ByteStream> {
    return this.#caller.bytes({ method: 'GET', path: '/v1/log', answerMs: 300000 }, options);
  }

  /** What a key owns and owes. `GET /v1/accounts/{did}` */
  account(input: { readonly did: Did }, options: CallOptions = {}): Promise<Account> {
    return this.#caller.json({ method: 'GET', path: `/v1/accounts/${segment(input.did)}`, answerMs: 10000 }, options);
  }

  /** Who can be drawn into committees. `GET /v1/pool` */
  pool(options: CallOptions = {}): Promise<Pool> {
    return this.#caller.json({ method: 'GET', path: '/v1/pool', answerMs: 10000 }, options);
  }

  /** Move credits or stake of a key of this node, or leave the pool. `POST /v1/entries` */
  postEntry(input: { readonly body: EntryRequest }, options: CallOptions = {}): Promise<EntryTaken> {
    return this.#caller.json({ method: 'POST', path: '/v1/entries', json: input.body, answerMs: 300000 }, options);
  }

  /** Results that can still be challenged, and live challenges of them. `GET /v1/challenges` */
  challenges(options: CallOptions = {}): Promise<Challenges> {
    return this.#caller.json({ method: 'GET', path: '/v1/challenges', answerMs: 10000 }, options);
  }

  /** Challenge a result with a key of this node. `POST /v1/challenges` */
  openChallenge(input: { readonly body: ChallengeRequest }, options: CallOptions = {}): Promise<Challenge> {
    return this.#caller.json({ method: 'POST', path: '/v1/challenges', json: input.body, answerMs: 300000 }, options);
  }

  /** A challenge from its seal to the last word, as far as it came. `GET /v1/challenges/{id}` */
  challenge(input: { readonly id: string }, options: CallOptions = {}): Promise<Challenge> {
    return this.#caller.json({ method: 'GET', path: `/v1/challenges/${segment(input.id)}`, answerMs: 10000 }, options);
  }

  /** Have the next instance hear a challenge, with a bond of a key of this node. `POST /v1/challenges/{id}/appeals` */
  appealChallenge(
    input: { readonly id: string; readonly body: AppealRequest },
    options: CallOptions = {},
  ): Promise<Challenge> {
    return this.#caller.json(
      { method: 'POST', path: `/v1/challenges/${segment(input.id)}/appeals`, json: input.body, answerMs: 300000 },
      options,
    );
  }

  /** Say as an arbiter or a juror of this node whether a challenge holds. `POST /v1/challenges/{id}/votes` */
  judgeChallenge(
    input: { readonly id: string; readonly body: JudgementRequest },
    options: CallOptions = {},
  ): Promise<JudgementSaid> {
    return this.#caller.json(
      { method: 'POST', path: `/v1/challenges/${segment(input.id)}/votes`, json: input.body, answerMs: 10000 },
      options,
    );
  }

  /** What this node has planted, and which seats passed it. `GET /v1/plants` */
  plants(options: CallOptions = {}): Promise<Plants> {
    return this.#caller.json({ method: 'GET', path: '/v1/plants', answerMs: 10000 }, options);
  }

  /** Have a result that is wrong judged, to find seats that pass it. `POST /v1/plants` */
  postPlant(input: { readonly body: PlantRequest }, options: CallOptions = {}): Promise<Plant> {
    return this.#caller.json({ method: 'POST', path: '/v1/plants', json: input.body, answerMs: 300000 }, options);
  }

  /** A plant, as far as it came. `GET /v1/plants/{number}` */
  plant(input: { readonly number: string }, options: CallOptions = {}): Promise<Plant> {
    return this.#caller.json({ method: 'GET', path: `/v1/plants/${segment(input.number)}`, answerMs: 10000 }, options);
  }

  /** Have a policy hold in the network, from the next entry on. `POST /v1/policies` */
  publishPolicy(input: { readonly body: PolicyRequest }, options: CallOptions = {}): Promise<PolicyTaken> {
    return this.#caller.json({ method: 'POST', path: '/v1/policies', json: input.body, answerMs: 300000 }, options);
  }

  /** Store a file. `PUT /v1/files` */
  putFile(input: { readonly body: RequestBody }, options: CallOptions = {}): Promise<StoredFile> {
    return this.#caller.json(
      { method: 'PUT', path: '/v1/files', bytes: input.body, bytesType: 'application/octet-stream', answerMs: 300000 },
      options,
    );
  }

  /** The bytes of a file, from the store of the node or from peers. `GET /v1/files/{cid}` */
  getFile(
    input: { readonly cid: Cid; readonly size: number; readonly deadlineMs?: number | undefined },
    options: CallOptions = {},
  ): Promise<ByteStream> {
    return this.#caller.bytes(
      {
        method: 'GET',
        path: `/v1/files/${segment(input.cid)}`,
        query: { size: input.size, deadlineMs: input.deadlineMs },
        answerMs: 70000,
      },
      options,
    );
  }

  /** The bytes of a block, from the store of the node or from peers. `GET /v1/blocks/{cid}` */
  getBlock(
    input: { readonly cid: Cid; readonly deadlineMs?: number | undefined },
    options: CallOptions = {},
  ): Promise<ByteStream> {
    return this.#caller.bytes(
      {
        method: 'GET',
        path: `/v1/blocks/${segment(input.cid)}`,
        query: { deadlineMs: input.deadlineMs },
        answerMs: 70000,
      },
      options,
    );
  }

  /** Store the blocks of a CAR file. `POST /v1/blocks` */
  putBlocks(input: { readonly body: RequestBody }, options: CallOptions = {}): Promise<StoredBlocks> {
    return this.#caller.json(
      {
        method: 'POST',
        path: '/v1/blocks',
        bytes: input.body,
        bytesType: 'application/vnd.ipld.car',
        answerMs: 300000,
      },
      options,
    );
  }
}
