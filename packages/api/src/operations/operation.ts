import type { z } from 'zod';
import type { ProblemCode } from '../schemas/problem-codes.ts';

/** Schemas of values that stand in a path, a query or headers, by name. */
export type Fields = Readonly<Record<string, z.ZodType>>;

/** What a request carries beyond its line and headers. */
export type Body =
  | { readonly kind: 'json'; readonly schema: z.ZodType; readonly bytesMax: number }
  | { readonly kind: 'bytes'; readonly mediaType: string; readonly bytesMax: number };

/** What a request is answered with when it succeeds. */
export type Answer =
  | { readonly kind: 'json'; readonly status: 200 | 201 | 202; readonly schema: z.ZodType }
  /** Bytes as they are. */
  | { readonly kind: 'bytes'; readonly status: 200; readonly mediaType: string }
  /** Server-sent events, each of one of these types; with a header last-event-id also 204: nothing more will come. */
  | { readonly kind: 'events'; readonly status: 200; readonly events: Fields };

/** One thing that a node does when it is asked over HTTP. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** As OpenAPI writes it. A parameter at its end that is named in `rest` may hold slashes. */
  readonly path: `/v1/${string}`;
  readonly tag: 'node' | 'needs' | 'agents' | 'ledger' | 'content';
  readonly summary: string;
  readonly description?: string;
  /** Over TCP; over the socket of the node's folder nobody needs a token. */
  readonly auth: 'none' | 'bearer';
  readonly params?: Fields;
  readonly rest?: string;
  readonly query?: Fields;
  /** By their names in lower case. */
  readonly headers?: Fields;
  readonly body?: Body;
  /** How long the whole request may take to arrive, ms. */
  readonly arrivalMs: number;
  /** How long a client waits for the answer to begin unless it says otherwise, ms. */
  readonly answerMs: number;
  readonly answer: Answer;
  /** How it can fail, besides the ways that every operation of its form can. */
  readonly errors: readonly ProblemCode[];
}

/** How an operation can fail, all in all. */
export function errorsOf(operation: Operation): readonly ProblemCode[] {
  const always: readonly ProblemCode[] = ['malformed', 'host_refused', 'too_many_requests', 'defect'];
  const secret: readonly ProblemCode[] = operation.auth === 'bearer' ? ['unauthorized'] : [];
  const carried: readonly ProblemCode[] =
    operation.body === undefined ? [] : ['timeout', 'too_large', 'unsupported_media'];
  return [...new Set([...always, ...secret, ...carried, ...operation.errors])];
}

/** `last-event-id` is `lastEventId` in programs. */
export const camel = (name: string): string => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
