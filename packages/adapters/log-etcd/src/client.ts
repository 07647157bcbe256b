import { readFileSync } from 'node:fs';
import type { OutgoingHttpHeaders, SecureClientSessionOptions } from 'node:http2';
import { EtcdError, etcdError, isLocal, isPassing } from './etcd-error.ts';
import { CallError, GRPC } from './grpc/call-error.ts';
import { Connection, type Duplex } from './grpc/connection.ts';
import {
  clusterOf,
  leaseAnswer,
  leaseKeptAnswer,
  type RangeAnswer,
  rangeAnswer,
  type StatusAnswer,
  statusAnswer,
  type TxnAnswer,
  tokenAnswer,
  txnAnswer,
} from './wire/answers.ts';
import {
  authenticateBytes,
  leaseBytes,
  leaseGrantBytes,
  type PutRequest,
  putBytesOf,
  type RangeRequest,
  rangeBytes,
  type TxnRequest,
  txnBytes,
} from './wire/requests.ts';

/** Files in PEM, read anew for each connection. */
export interface EtcdTls {
  /** Of the authority that members' certificates are from; the system's authorities without it. */
  readonly caFile?: string;
  /** Our own certificate and its key, where members ask for one. */
  readonly certFile?: string;
  readonly keyFile?: string;
}

export interface EtcdUser {
  readonly name: string;
  readonly password: string;
}

export interface ClientOptions {
  /** `http://host:port` or https, of members of one cluster. */
  readonly endpoints: readonly string[];
  readonly tls?: EtcdTls;
  readonly user?: EtcdUser;
}

/**
 * How long one try of a call may take, ms, and a little more for each KiB that is sent. While a new leader is elected what was
 * given to the old one is lost, so the first tries are short; a cluster that is only slow is then given more, up to eightfold.
 */
const ATTEMPT_MS = 300;
const MS_PER_KIB = 1;
const SHORT_ATTEMPTS = 6;
const DOUBLINGS_MAX = 3;
/** Checking a password takes the server long, on purpose. */
const AUTHENTICATE_MS = 3_000;
/** Between tries: at random up to a bound that doubles from the first figure to the second, ms. */
const PAUSE_MS = 10;
const PAUSE_MS_MAX = 200;

export interface Patience {
  /** For how long in all a call is tried again, ms. */
  readonly withinMs: number;
  /** Told before each further try: what the one before did is not known. */
  readonly onRetry?: () => void;
}

/**
 * Calls to a cluster. Each is idempotent, has a deadline, and is tried again at the next endpoint while what stands in its way
 * may pass. Rejects with an EtcdError.
 */
export class EtcdClient {
  readonly #connections: readonly Connection[];
  readonly #user: EtcdUser | undefined;
  #at: number;
  #token: Promise<string> | null = null;
  /** The cluster that answered first. */
  #cluster: string | null = null;

  constructor({ endpoints, tls, user }: ClientOptions) {
    this.#connections = endpoints.map((endpoint) => new Connection({ endpoint, tls: () => tlsOf(tls) }));
    this.#user = user;
    // Clients spread over the members.
    this.#at = Math.floor(Math.random() * endpoints.length);
  }

  get endpoints(): readonly string[] {
    return this.#connections.map(({ endpoint }) => endpoint);
  }

  async range(request: RangeRequest, patience: Patience): Promise<RangeAnswer> {
    return rangeAnswer(await this.#call('KV/Range', rangeBytes(request), patience));
  }

  async put(request: PutRequest, patience: Patience): Promise<void> {
    await this.#call('KV/Put', putBytesOf(request), patience);
  }

  async txn(request: TxnRequest, patience: Patience): Promise<TxnAnswer> {
    return this.txnOf(txnBytes(request), patience);
  }

  /** A transaction that was encoded before. */
  async txnOf(bytes: Uint8Array, patience: Patience): Promise<TxnAnswer> {
    return txnAnswer(await this.#call('KV/Txn', bytes, patience));
  }

  /** A lease's id. */
  async grant(seconds: number, patience: Patience): Promise<string> {
    return leaseAnswer(await this.#call('Lease/LeaseGrant', leaseGrantBytes(seconds), patience));
  }

  /** Has a lease last from now again; the seconds that it has, 0 where it is over. The stream that etcd has for this takes one request as well. */
  async keepLease(id: string, patience: Patience): Promise<number> {
    return leaseKeptAnswer(await this.#call('Lease/LeaseKeepAlive', leaseBytes(id), patience));
  }

  /** Ends a lease, and removes what was put under it. */
  async endLease(id: string, patience: Patience): Promise<void> {
    await this.#call('Lease/LeaseRevoke', leaseBytes(id), patience);
  }

  /** What each endpoint says of itself, or why it says nothing. */
  async statuses(timeoutMs: number): Promise<readonly (StatusAnswer | EtcdError)[]> {
    return Promise.all(
      this.#connections.map(async (connection) => {
        try {
          const options = { headers: await this.#headers(connection), timeoutMs };
          return statusAnswer(await connection.unary('/etcdserverpb.Maintenance/Status', new Uint8Array(0), options));
        } catch (error) {
          return etcdError(error);
        }
      }),
    );
  }

  /** Opens a stream at the present endpoint, and says how to leave the endpoint when the stream breaks. */
  async open(method: string): Promise<{ readonly stream: Duplex; leave(): void }> {
    const connection = this.#connection();
    try {
      const headers = { ...(await this.#headers(connection)), hasleader: 'true' };
      const stream = await connection.duplex(`/etcdserverpb.${method}`, headers);
      return { stream: this.#ofOurCluster(stream, connection), leave: () => this.#rotate(connection) };
    } catch (error) {
      this.#rotate(connection);
      throw etcdError(error);
    }
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }

  async #call(method: string, message: Uint8Array, { withinMs, onRetry }: Patience): Promise<Buffer> {
    const until = performance.now() + withinMs;
    const failed = new Set<Connection>();
    for (let attempt = 0; ; attempt += 1) {
      const connection = this.#connection();
      const leftMs = Math.max(1, Math.ceil(until - performance.now()));
      try {
        const headers = await this.#headers(connection);
        const timeoutMs = Math.min(leftMs, attemptMs(attempt, message.length));
        const answer = await connection.unary(`/etcdserverpb.${method}`, message, { headers, timeoutMs });
        this.#assertOurCluster(answer, connection);
        return answer;
      } catch (error) {
        const failure = etcdError(error);
        const isTokenOver = this.#forgetToken(error);
        failed.add(connection);
        const mayPass = isPassing(failure) || (isLocal(failure) && failed.size < this.#connections.length);
        if (!(mayPass || (isTokenOver && attempt === 0)) || performance.now() >= until) throw failure;
        if (mayPass) this.#rotate(connection);
      }
      const boundMs = Math.min(PAUSE_MS_MAX, PAUSE_MS * 2 ** Math.min(attempt, 8));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * boundMs));
      onRetry?.();
    }
  }

  /** An endpoint may come to be of another cluster, whose revisions say nothing of ours. */
  #assertOurCluster(answer: Uint8Array, { endpoint }: Connection): void {
    const cluster = clusterOf(answer);
    this.#cluster ??= cluster;
    if (cluster === this.#cluster) return;
    const what = `etcd at ${endpoint}: it is of another cluster (${hex(cluster)}) than the one that answered before (${hex(this.#cluster)})`;
    throw new EtcdError(
      'cluster',
      `${what}: was its data wiped, or its address given away? Name members of one cluster`,
    );
  }

  #ofOurCluster(stream: Duplex, connection: Connection): Duplex {
    const check = (message: Uint8Array): void => this.#assertOurCluster(message, connection);
    async function* checked(): AsyncGenerator<Buffer, void, undefined> {
      for await (const message of stream.messages) {
        check(message);
        yield message;
      }
    }
    return { ...stream, messages: checked() };
  }

  #connection(): Connection {
    const connection = this.#connections[this.#at % this.#connections.length];
    if (connection === undefined) throw new EtcdError('unreachable', 'no endpoint of etcd is named');
    return connection;
  }

  /** Another endpoint's turn, unless somebody has gone on from this one already. */
  #rotate(from: Connection): void {
    if (this.#connection() === from) this.#at += 1;
  }

  async #headers(connection: Connection): Promise<OutgoingHttpHeaders> {
    const user = this.#user;
    if (user === undefined) return {};
    this.#token ??= connection
      .unary('/etcdserverpb.Auth/Authenticate', authenticateBytes(user.name, user.password), {
        headers: {},
        timeoutMs: AUTHENTICATE_MS,
      })
      .then(tokenAnswer);
    const asked = this.#token;
    try {
      return { token: await asked };
    } catch (error) {
      if (this.#token === asked) this.#token = null;
      throw error;
    }
  }

  /** Whether the token was no longer good, so that the next call asks for another. */
  #forgetToken(error: unknown): boolean {
    const isOver =
      this.#user !== undefined &&
      error instanceof CallError &&
      (error.status === GRPC.unauthenticated || /revision in header is old/.test(error.message));
    if (isOver) this.#token = null;
    return isOver;
  }
}

/** As etcdctl shows it. */
const hex = (id: string): string => BigInt(id).toString(16);

const attemptMs = (attempt: number, bytes: number): number =>
  ATTEMPT_MS * 2 ** Math.min(DOUBLINGS_MAX, Math.max(0, attempt - SHORT_ATTEMPTS)) +
  Math.ceil(bytes / 1_024) * MS_PER_KIB;

function tlsOf({ caFile, certFile, keyFile }: EtcdTls = {}): SecureClientSessionOptions {
  return {
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }),
    ...(certFile === undefined ? {} : { cert: readFileSync(certFile) }),
    ...(keyFile === undefined ? {} : { key: readFileSync(keyFile) }),
  };
}
