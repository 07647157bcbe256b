import type { z } from 'zod';
import type { Answer, Body, Fields } from './operation.ts';
import type { OperationId, Operations } from './operations.ts';

/** Bytes as they come or go. */
export type Chunks = AsyncIterable<Uint8Array>;

/** JSON that nobody changes: what a handler may answer. */
export type Json<T> = T extends (infer I)[]
  ? readonly Json<I>[]
  : T extends object
    ? { readonly [K in keyof T]: Json<T[K]> }
    : T;

type Camel<S extends string> = S extends `${infer A}-${infer B}` ? `${A}${Capitalize<Camel<B>>}` : S;
type Flat<T> = { [K in keyof T]: T[K] };
type Values<F> = F extends Fields ? { readonly [K in keyof F]: z.output<F[K]> } : unknown;
type Headers<F> = F extends Fields ? { readonly [K in keyof F & string as Camel<K>]: z.output<F[K]> } : unknown;
type Part<O, K extends string> = O extends { readonly [P in K]: infer V } ? V : undefined;

type BodyInput<B> = B extends { readonly kind: 'json'; readonly schema: infer S extends z.ZodType }
  ? { readonly body: Json<z.output<S>> }
  : B extends Body
    ? { readonly body: Chunks }
    : unknown;

/** What the handler of an operation is given: parameters, query, headers and body, checked. */
export type Input<Id extends OperationId> = Flat<
  Values<Part<Operations[Id], 'params'>> &
    Values<Part<Operations[Id], 'query'>> &
    Headers<Part<Operations[Id], 'headers'>> &
    BodyInput<Part<Operations[Id], 'body'>>
>;

/** One server-sent event. Without an id the last id stands. */
export type EventOf<E extends Fields> = {
  [K in keyof E & string]: { readonly type: K; readonly id: string | null; readonly data: Json<z.output<E[K]>> };
}[keyof E & string];

/** Bytes to answer: how many there are, null where that is not known before, and they. */
export interface ByteAnswer {
  readonly size: number | null;
  readonly chunks: Chunks;
}

type AnswerOutput<A extends Answer> = A extends { readonly kind: 'json'; readonly schema: infer S extends z.ZodType }
  ? Json<z.output<S>>
  : A extends { readonly kind: 'events'; readonly events: infer E extends Fields }
    ? AsyncIterable<EventOf<E>> | null
    : ByteAnswer;

/** What the handler of an operation gives: JSON, bytes, or events (null: nothing more will come). */
export type Output<Id extends OperationId> = AnswerOutput<Operations[Id]['answer']>;

/** A handler for every operation: the compiler names the one that lacks. */
export type Handlers<Call> = {
  readonly [Id in OperationId]: (input: Input<Id>, call: Call) => Promise<Output<Id>> | Output<Id>;
};
