import { StorageError, type StorageErrorCode, type StorageErrorOptions } from '@canswarm/ports';
import { CallError, GRPC, systemCode } from './grpc/call-error.ts';

/**
 * What is wrong with an etcd cluster, or with how it is asked.
 * - `unreachable`: no endpoint answers; it is tried again.
 * - `no_quorum`: members answer, but they have no leader or cannot agree; it is tried again.
 * - `certificate`: a certificate is not what the other side takes: expired, of another authority or host, or missing.
 * - `auth`: the user, its password or its rights.
 * - `no_space`: the cluster's quota is used up.
 * - `too_large`: the cluster takes smaller requests than are needed.
 * - `version`: the server is too old.
 * - `format`: the log was written by a newer version of this software.
 * - `cluster`: the endpoints are of several clusters.
 * - `lost`: the cluster has less than was read from it before.
 * - `topology`: the log's buckets, or what is said of their clusters, are others.
 * - `damaged`: what is stored is not what was written.
 * - `moved`: the log is kept elsewhere now.
 * - `busy`: more waits to be written than is kept in memory.
 * - `refused`: anything else that the server says.
 */
export type EtcdFault =
  | 'unreachable'
  | 'no_quorum'
  | 'certificate'
  | 'auth'
  | 'no_space'
  | 'too_large'
  | 'version'
  | 'format'
  | 'cluster'
  | 'lost'
  | 'topology'
  | 'damaged'
  | 'moved'
  | 'busy'
  | 'refused';

const CODES: Readonly<Record<EtcdFault, StorageErrorCode>> = {
  unreachable: 'io',
  no_quorum: 'io',
  certificate: 'io',
  auth: 'io',
  no_space: 'full',
  too_large: 'io',
  version: 'io',
  format: 'newer',
  cluster: 'io',
  lost: 'corrupt',
  topology: 'io',
  damaged: 'corrupt',
  moved: 'moved',
  busy: 'locked',
  refused: 'io',
};

/** A StorageError of the etcd log, with its cause. */
export class EtcdError extends StorageError {
  readonly fault: EtcdFault;

  constructor(fault: EtcdFault, message: string, options?: StorageErrorOptions) {
    super(CODES[fault], message, options);
    this.fault = fault;
  }
}

/** Faults that go away by themselves: the same is asked again, of the next endpoint. */
export const isPassing = ({ fault }: EtcdError): boolean => fault === 'unreachable' || fault === 'no_quorum';

/** Faults of one endpoint: another may do better. */
export const isLocal = ({ fault }: EtcdError): boolean =>
  fault === 'certificate' || fault === 'unreachable' || fault === 'cluster';

/** What a failed call means, and what to do. */
export function etcdError(error: unknown): EtcdError {
  if (error instanceof EtcdError) return error;
  if (!(error instanceof CallError)) return new EtcdError('refused', String(error), { cause: error });
  const { endpoint, message } = error;
  const told = (fault: EtcdFault, text: string): EtcdError =>
    new EtcdError(fault, `etcd at ${endpoint}: ${text}`, { cause: error });
  const certificate = certificateFault(systemCode(error), message);
  if (certificate !== null) return told('certificate', certificate);
  const known = SERVER_SAYS.find(([pattern]) => pattern.test(message));
  if (known !== undefined) return told(known[1], `${message.replace(/^etcdserver: /, '')}: ${known[2]}`);
  if (error.status === GRPC.unavailable) return told('unreachable', message);
  if (error.status === GRPC.deadlineExceeded || error.status === GRPC.cancelled) return told('no_quorum', message);
  return told('refused', `${message} (gRPC status ${error.status})`);
}

const SPACE = 'compact and defragment it or raise --quota-backend-bytes, then disarm the alarm: etcdctl alarm disarm';
const RIGHTS =
  'let it have a role that may read and write the log: etcdctl role grant-permission --prefix ROLE readwrite PREFIX';

/** What servers say in words, what it is, and what to do. */
const SERVER_SAYS: readonly (readonly [RegExp, EtcdFault, string])[] = [
  [/database space exceeded/, 'no_space', SPACE],
  [/request is too large|larger than max/, 'too_large', 'run the members with --max-request-bytes 1572864 or more'],
  [/too many operations/, 'too_large', 'run the members with --max-txn-ops 128 or more'],
  [/invalid user ID or password/, 'auth', 'the user or its password is not what the cluster knows'],
  [
    /user name is empty/,
    'auth',
    'the cluster wants a user: set the user and its password, or a certificate that names one',
  ],
  [
    /authentication is not enabled/,
    'auth',
    'a user is set, but the cluster asks nobody who it is: etcdctl auth enable',
  ],
  [/permission denied/, 'auth', RIGHTS],
  [/invalid auth token|auth: revision in header is old/, 'auth', 'the session with the cluster is over'],
  [
    /no leader|leader changed|request timed out|raft proposal dropped|not capable|server stopped/,
    'no_quorum',
    'more than half of the members must run and reach each other',
  ],
  [/too many requests|rate limiter/, 'no_quorum', 'it has more to do than it can'],
];

/** What is wrong with a certificate; null when nothing is. */
function certificateFault(code: string, message: string): string | null {
  if (code === 'ENOENT' || code === 'EACCES') return `a file for TLS cannot be read: ${message}`;
  const [, told] = CERTIFICATE_CODES.find(([pattern]) => pattern.test(code)) ?? [];
  if (told !== undefined) return told;
  if (
    /alert (bad|unknown|certificate|expired)|CERTIFICATE_REQUIRED|alert number 4[2-8]|alert number 116/i.test(
      `${code} ${message}`,
    )
  ) {
    return `it refuses our certificate (${code || message}): it wants one of an authority that it trusts, not expired`;
  }
  if (/wrong version number|packet length too long|EPROTO|before secure TLS connection/i.test(`${code} ${message}`)) {
    return 'it does not speak TLS, or not without: is the endpoint http:// where it should be https://, or the other way round?';
  }
  return null;
}

const CERTIFICATE_CODES: readonly (readonly [RegExp, string])[] = [
  [/^CERT_HAS_EXPIRED$/, 'its certificate has expired: renew it; running nodes take the new one up by themselves'],
  [/^CERT_NOT_YET_VALID$/, 'its certificate is not valid yet: are the clocks of both machines right?'],
  [
    /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT.*)$/,
    'its certificate is of an authority that is not trusted here: name the authority’s certificate',
  ],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'its certificate is for another host than the endpoint names'],
  [/^CERT_REVOKED$/, 'its certificate was revoked'],
];
