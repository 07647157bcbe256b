import { type Acceptance, type Cid, encodeCbor, equalBytes, type FileRef, fromUtf8 } from '@canswarm/protocol';
import { VALUE } from '../bundle/bundle.ts';
import { isRecord, parseJson } from '../json.ts';
import type { FetchBlock } from '../reading/fetch-blocks.ts';
import { readFile } from '../reading/read-file.ts';
import { type JudgeBySchema, judgeBySchema } from '../schema/json-schema.ts';
import { faultLine, SCHEMA_BYTES_MAX } from '../schema/standard-schema.ts';
import { type AgentTerms, readTerms, valueSchema } from './agent-acceptance.ts';

/** Terms by which nobody can be judged. The fault of whoever posted the need. */
export class UnsoundTermsError extends Error {
  override readonly name = 'UnsoundTermsError';
}

/** Terms that work can be judged by. */
export interface SoundTerms {
  readonly terms: AgentTerms;
  readonly judgeInput: JudgeBySchema;
  readonly judgeOutput: JudgeBySchema;
}

/** The terms of a need for an agent's skill. Rejects with UnsoundTermsError, UnsoundArtifactError or ContentError. */
export async function readSoundTerms(acceptance: Cid, skill: string, fetch: FetchBlock): Promise<SoundTerms> {
  const read = termsFor(skill, await fetch(acceptance));
  const { inputSchema, outputSchema } = read.terms;
  const bytesOf = async (file: FileRef): Promise<Uint8Array> => readFile(withinLimit(file), fetch);
  return soundTerms(read, { input: await bytesOf(inputSchema), output: await bytesOf(outputSchema) });
}

interface ReadTerms {
  readonly terms: AgentTerms;
  readonly acceptance: Acceptance;
}

/** The terms that a record gives for this skill. Throws an UnsoundTermsError. */
export function termsFor(skill: string, bytes: Uint8Array): ReadTerms {
  const read = readTerms(bytes);
  if (read === undefined) throw new UnsoundTermsError('the acceptance is not that of an agent');
  if (read.terms.skill !== skill) throw new UnsoundTermsError('the acceptance is of another skill');
  return read;
}

/**
 * Terms with the bytes of their schemas. Throws an UnsoundTermsError: a schema that is none or unfit to judge by, and a demand on
 * records that does not follow from the output's schema. That would let work which fits its schema be challenged.
 */
export function soundTerms(
  { terms, acceptance }: ReadTerms,
  schemas: { readonly input: Uint8Array; readonly output: Uint8Array },
): SoundTerms {
  const input = schemaOf(schemas.input, 'input');
  const output = schemaOf(schemas.output, 'output');
  const [judgeInput, judgeOutput] = [judgeOf(input, 'input'), judgeOf(output, 'output')];
  const due = encodeCbor(valueSchema(output));
  if (!equalBytes(encodeCbor(acceptance.schemas[VALUE] ?? null), due))
    throw new UnsoundTermsError('what the need demands of records does not follow from its output schema');
  return { terms, judgeInput, judgeOutput };
}

/** The file of a schema, when it is not too long for one. Throws an UnsoundTermsError. */
export function withinLimit(file: FileRef): FileRef {
  if (file.size <= SCHEMA_BYTES_MAX) return file;
  throw new UnsoundTermsError(`a schema of the need has more than ${SCHEMA_BYTES_MAX} bytes`);
}

type Side = 'input' | 'output';

function schemaOf(bytes: Uint8Array, side: Side): Readonly<Record<string, unknown>> {
  const text = fromUtf8(bytes);
  const value = text === undefined ? undefined : parseJson(text);
  if (!isRecord(value)) throw new UnsoundTermsError(`the ${side} schema of the need is none`);
  return value;
}

function judgeOf(schema: Readonly<Record<string, unknown>>, side: Side): JudgeBySchema {
  const made = judgeBySchema(schema);
  if (!made.ok) throw new UnsoundTermsError(`the ${side} schema of the need is unfit: ${faultLine([made.fault])}`);
  return made.judge;
}
