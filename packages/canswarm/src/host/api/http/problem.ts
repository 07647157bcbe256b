import { PROBLEMS, type ProblemBody, type ProblemCode } from '@canswarm/api';

/** Why a request is not done, as it is answered. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly hint: string;

  constructor(code: ProblemCode, message: string, hint = '', options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}

/** What every answer says: it is data, for the one who asked, and for nobody's page. */
const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

/** Headers of an answer. */
export const answerHeaders = (
  contentType: string | null,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> => ({
  ...SECURITY_HEADERS,
  ...(contentType === null ? {} : { 'content-type': contentType }),
  ...more,
});

/** A JSON answer. */
export const jsonAnswer = (status: number, value: unknown, more: Readonly<Record<string, string>> = {}): Response =>
  new Response(JSON.stringify(value), { status, headers: answerHeaders('application/json', more) });

/** A problem as an answer. */
export function problemAnswer({ code, message, hint }: Problem, more: Readonly<Record<string, string>> = {}): Response {
  const body: ProblemBody = { code, message, hint };
  return jsonAnswer(PROBLEMS[code].status, body, more);
}
