/** Every way in which a request can fail, with its status. Clients decide by the code, people by message and hint. */
export const PROBLEMS = {
  malformed: { status: 400, means: 'The request is not what the document says; the message names what is wrong.' },
  unauthorized: { status: 401, means: 'The token lacks or is another one.' },
  not_found: { status: 404, means: 'There is no such thing at this node.' },
  method_not_allowed: { status: 405, means: 'The path takes other methods; see the header Allow.' },
  timeout: { status: 408, means: 'The request took too long to arrive.' },
  refused: { status: 409, means: 'The node or the law does not do this as things stand.' },
  agent_attached: { status: 409, means: 'Another process has the work of the agent of that name.' },
  not_final: { status: 409, means: 'The need has no final result, or not yet.' },
  idempotency_conflict: { status: 409, means: 'The Idempotency-Key was used for another request.' },
  too_large: { status: 413, means: 'The body has more bytes than this operation takes.' },
  unsupported_media: { status: 415, means: 'The body is of another media type than this operation takes.' },
  host_refused: { status: 421, means: 'The Host header is neither an IP address nor localhost.' },
  too_many_requests: { status: 429, means: 'This connection asks too often; see the header Retry-After.' },
  too_many_keys: {
    status: 429,
    means: 'The node remembers as many Idempotency-Keys as it can; they are kept for a day.',
  },
  defect: { status: 500, means: 'A defect of the node; its log has the details.' },
  busy: { status: 503, means: 'The node does as many such things at once as it can.' },
  storage: { status: 503, means: 'The disk or the log of the node cannot be written or read at present.' },
  deadline: { status: 504, means: 'Neither the node nor a peer gave what was asked for in time.' },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly means: string }>>;

export type ProblemCode = keyof typeof PROBLEMS;

export const PROBLEM_CODES = Object.keys(PROBLEMS) as readonly ProblemCode[];

export const isProblemCode = (text: string): text is ProblemCode => Object.hasOwn(PROBLEMS, text);
