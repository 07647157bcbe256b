import { type DagValue, isList, isMap, ownField } from '@canswarm/protocol';

/** Statements a brief may hold at most; chosen so that the report always fits one block. */
export const STATEMENTS_MAX = 64;
/** Longest question, in bytes of UTF-8: that of a need's goal. */
export const QUESTION_BYTES_MAX = 4096;
export const ENGINE_BYTES_MAX = 64;
/** Key of the report in an output tree. */
export const REPORT_KEY = 'report';
/** Longest title of a group, in UTF-16 units. */
const TITLE_LENGTH_MAX = 60;

/** The statements of one document, by their keys, best first. */
export interface Group {
  readonly title: string;
  readonly statements: readonly string[];
}

/** What stands under the key `report` of an output tree. */
export interface Report {
  readonly v: 1;
  readonly kind: 'brief';
  readonly question: string;
  /** Name of the engine that made it; nothing rests on it. */
  readonly engine: string;
  /** Documents in order of their best statement. Invariant: every statement of the brief stands in exactly one. */
  readonly groups: readonly Group[];
}

/** Key of the statement of this rank, counted from 0: `s/0001`, `s/0002`, ... */
export const statementKey = (rank: number): string => `s/${String(rank + 1).padStart(4, '0')}`;

/** What a group of this document is called: its path, the front cut off where it is long. */
export function groupTitle(path: string): string {
  if (path.length <= TITLE_LENGTH_MAX) return path;
  return `…${path.slice(-TITLE_LENGTH_MAX).toWellFormed()}`;
}

/** The only right groups for statements whose documents are given in rank order. A worker has no say in titles. */
export function groupsOf(paths: readonly string[]): Group[] {
  const groups = new Map<string, string[]>();
  paths.forEach((path, rank) => {
    const keys = groups.get(path) ?? [];
    keys.push(statementKey(rank));
    groups.set(path, keys);
  });
  return [...groups].map(([path, statements]) => ({ title: groupTitle(path), statements }));
}

export function encodeReport(report: Report): DagValue {
  const { v, kind, question, engine, groups } = report;
  return {
    v,
    kind,
    question,
    engine,
    groups: groups.map(({ title, statements }) => ({ title, statements: [...statements] })),
  };
}

/** Reads a report; undefined when the value is none. */
export function parseReport(value: DagValue): Report | undefined {
  if (!isMap(value) || ownField(value, 'v') !== 1 || ownField(value, 'kind') !== 'brief') return undefined;
  const question = ownField(value, 'question');
  const engine = ownField(value, 'engine');
  const groups = ownField(value, 'groups');
  if (typeof question !== 'string' || typeof engine !== 'string' || !isList(groups)) return undefined;
  const parsed = groups.map(parseGroup);
  if (Object.keys(value).length !== 5 || !parsed.every((group) => group !== undefined)) return undefined;
  return { v: 1, kind: 'brief', question, engine, groups: parsed };
}

function parseGroup(value: DagValue): Group | undefined {
  if (!isMap(value) || Object.keys(value).length !== 2) return undefined;
  const title = ownField(value, 'title');
  const statements = ownField(value, 'statements');
  if (typeof title !== 'string' || !isList(statements)) return undefined;
  const keys = statements.filter((key) => typeof key === 'string');
  return keys.length === statements.length ? { title, statements: keys } : undefined;
}
