import { isRecord } from './record.ts';

/** What is asked for besides the files. */
export interface AuditRequest {
  readonly allow: readonly string[] | null;
  readonly deny: readonly string[];
  readonly production: boolean;
}

/** Reads an input's value that fits the input schema. */
export function readRequest(value: unknown): AuditRequest {
  if (!isRecord(value)) throw new TypeError('the input is no object with "allow", "deny" and "production"');
  return {
    allow: namesOf(value['allow']),
    deny: namesOf(value['deny']) ?? [],
    production: value['production'] === true,
  };
}

const namesOf = (value: unknown): readonly string[] | null =>
  Array.isArray(value) ? value.filter((name) => typeof name === 'string') : null;
