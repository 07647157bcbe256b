/** Status codes of gRPC that something is done about here; others go by their number. */
export const GRPC = {
  ok: 0,
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  outOfRange: 11,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** A call that did not end well. `status` is the server's, or says what went wrong on the way to it. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly status: number;
  readonly endpoint: string;

  constructor(status: number, message: string, endpoint: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.endpoint = endpoint;
  }
}

/** The code of Node's error or of one behind it, such as `ECONNREFUSED` or `CERT_HAS_EXPIRED`; '' when there is none. */
export function systemCode(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return '';
}
