import {
  type DagMap,
  fromDagJson,
  type PolicyReason,
  toDagJson,
  utf8,
  utf8Length,
  type WorkUse,
} from '@canswarm/protocol';
import type { Stated } from './count-statements.ts';
import type { LoadedCapsule, PolicyAnswer } from './network-policy.ts';

/** What the law asked about a COMMIT, and whom, so that it can be asked again with what was measured. */
export type AskedAboutCommit = {
  readonly input: Uint8Array;
  readonly policy: Omit<LoadedCapsule, 'conformance'>;
};

/** What doing the work of a COMMIT again took. */
export interface MeasuredWork {
  readonly wallMs: number;
  readonly use: WorkUse;
}

/** What a seat found of a result: of its work by doing it again, and what it states; each null where nobody knows. */
export interface FoundOfWork {
  readonly work: MeasuredWork | null;
  readonly stated: Stated | null;
}

type Flow = WorkUse['egress'][number];

/** Something that the work took at least, or used. */
export type WorkFact =
  | { readonly tool: string }
  | { readonly model: string }
  | { readonly egress: Flow }
  | { readonly tokens: number }
  | { readonly ms: number }
  | Stated;

/** Why a seat fails a result for what its work took. */
const WORK_CAUSES = ['policy_denied', 'need_policy_denied', 'telemetry_false'] as const;
export interface WorkCause {
  readonly code: (typeof WORK_CAUSES)[number];
  /** What the worker did not say, or said too little of, and what the result states where that is denied; only what the need's policy denies may have none. */
  readonly facts: readonly WorkFact[];
}

/** A cause, with why a policy denies that. */
export type WorkFinding = WorkCause & { readonly denials: readonly PolicyReason[] };

/** Another machine may be so many times slower, and that much later. */
const MS_FACTOR = 16;
const MS_SLACK = 1_000;
/** With the cause itself, and what the result states, as many as a vote has reasons. */
const FACTS_MAX = 6;
const REASON_BYTES_MAX = 256;
const MEASURED = 'measured ';
const NO_USE: WorkUse = { tokens: 0, models: [], tools: [], egress: [] };

/** The input of a COMMIT as `policyInput` writes it. */
interface CommitQuestion {
  readonly envelope: DagMap & {
    readonly body: DagMap & { readonly telemetry: { readonly wallMs: number; readonly use?: WorkUse } };
  };
  readonly need: DagMap & { readonly spent: DagMap & { readonly tokens: number; readonly ms: number } };
  readonly work: (DagMap & Omit<WorkUse, 'tokens'>) | null;
}

function questionOf(input: Uint8Array): CommitQuestion {
  const question = fromDagJson(new TextDecoder().decode(input));
  if (question === undefined) throw new Error('what the law asks about a COMMIT has a line');
  return question as unknown as CommitQuestion;
}

/**
 * Judges the work of a COMMIT by what was found of it; null where nothing is to be said against it. What is more than the worker said is asked about in place of its word, then also what the
 * result states: `policy_denied` where the policy of the COMMIT denies that, else `telemetry_false` where the worker said too little. More is no
 * lie: who says too much has its own budget pay. Source: `spec/13-policy.md`, the gate of seats.
 */
export function judgeMeasured({ input, policy }: AskedAboutCommit, { work, stated }: FoundOfWork): WorkFinding | null {
  const unsaid = work === null ? [] : measuredFacts(input, work);
  for (const facts of [unsaid, stated === null ? [] : [...unsaid, stated]]) {
    if (facts.length === 0) continue;
    const { allow, reasons } = policy.decide(withMeasured(input, facts));
    if (!allow) return { code: 'policy_denied', facts, denials: reasons };
  }
  return unsaid.length === 0 ? null : { code: 'telemetry_false', facts: unsaid, denials: [] };
}

/** Asks again what was asked about a COMMIT, with facts that somebody says it measured. */
export function askMeasured({ input, policy }: AskedAboutCommit, facts: readonly WorkFact[]): PolicyAnswer {
  const completed = withMeasured(input, facts);
  return { capsule: policy.cid, input: completed, decision: policy.decide(completed) };
}

/** What of the measured work is more than its worker said by the input of its COMMIT, in the order of a vote's reasons. */
export function measuredFacts(input: Uint8Array, { wallMs, use }: MeasuredWork): readonly WorkFact[] {
  const { envelope } = questionOf(input);
  const { wallMs: saidMs, use: said = NO_USE } = envelope.body.telemetry;
  const ms = Math.floor(wallMs / MS_FACTOR) - MS_SLACK;
  const facts: readonly WorkFact[] = [
    ...without(use.tools, said.tools).map((tool) => ({ tool })),
    ...without(use.models, said.models).map((model) => ({ model })),
    ...flowsOf(use.egress)
      .filter((flow) => flow.bytes > bytesOf(said.egress, flow))
      .map((egress) => ({ egress })),
    ...(use.tokens > said.tokens ? [{ tokens: use.tokens }] : []),
    ...(ms > saidMs ? [{ ms }] : []),
  ];
  return facts.filter((fact) => utf8Length(factText(fact)) <= REASON_BYTES_MAX).slice(0, FACTS_MAX);
}

const without = (used: readonly string[], said: readonly string[]): readonly string[] =>
  [...new Set(used)].filter((name) => !said.includes(name));

const isAlike = (one: Flow, other: Flow): boolean => one.label === other.label && one.zone === other.zone;

const bytesOf = (flows: readonly Flow[], like: Flow): number =>
  flows.reduce((sum, flow) => (isAlike(flow, like) ? atMost(sum + flow.bytes) : sum), 0);

/** One for each label and zone. */
const flowsOf = (flows: readonly Flow[]): readonly Flow[] =>
  flows
    .filter((flow, at) => flows.findIndex((other) => isAlike(flow, other)) === at)
    .map(({ label, zone, ...flow }) => ({ label, zone, bytes: bytesOf(flows, { label, zone, ...flow }) }));

const atMost = (amount: number): number => Math.min(amount, Number.MAX_SAFE_INTEGER);

/** The input of a COMMIT with what was measured where that is more than its worker said. */
export function withMeasured(input: Uint8Array, facts: readonly WorkFact[]): Uint8Array {
  if (facts.length === 0) return input;
  const question = questionOf(input);
  const { telemetry } = question.envelope.body;
  const { spent } = question.need;
  let { tokens, ms } = spent;
  let { models, tools, egress } = question.work ?? NO_USE;
  let stated: Stated = { statements: 0, cited: 0 };
  for (const fact of facts) {
    if ('tool' in fact) tools = [...new Set([...tools, fact.tool])];
    else if ('model' in fact) models = [...new Set([...models, fact.model])];
    else if ('tokens' in fact) tokens = atMost(tokens + Math.max(0, fact.tokens - (telemetry.use?.tokens ?? 0)));
    else if ('statements' in fact) stated = fact;
    else if ('ms' in fact) ms = atMost(ms + Math.max(0, fact.ms - telemetry.wallMs));
    else if (fact.egress.bytes > bytesOf(egress, fact.egress))
      egress = [...egress.filter((flow) => !isAlike(flow, fact.egress)), fact.egress];
  }
  const text = toDagJson({
    ...question,
    need: { ...question.need, spent: { ...spent, tokens, ms } },
    work: { ...stated, models, tools, egress: egress.map((flow) => ({ ...flow })) },
  } as unknown as DagMap);
  if (text === undefined) throw new Error('what had a line has one');
  return utf8(text);
}

const factText = (fact: WorkFact): string => `${MEASURED}${JSON.stringify(fact)}`;

/** A cause as the reasons of a vote: the code with what denied it first, then a line for each fact. */
export function causeReasons({ code, facts, denials }: WorkFinding): readonly string[] {
  const [first] = denials;
  return [first === undefined ? code : `${code}: ${first.rule} ${first.code}`, ...facts.map(factText)];
}

/** The cause that the reasons of a vote name; null where they name none. Facts are the seat's word. */
export function readCause([first = '', ...rest]: readonly string[]): WorkCause | null {
  const code = WORK_CAUSES.find((known) => first === known || first.startsWith(`${known}: `));
  if (code === undefined) return null;
  const facts = rest.map(readFact);
  const isWhole = facts.length > 0 || code === 'need_policy_denied';
  return isWhole && facts.every((fact) => fact !== null) ? { code, facts } : null;
}

function readFact(reason: string): WorkFact | null {
  if (!reason.startsWith(MEASURED)) return null;
  let value: unknown;
  try {
    value = JSON.parse(reason.slice(MEASURED.length));
  } catch {
    return null;
  }
  if (!isRecord(value)) return null;
  const { statements, cited, ...other } = value;
  if (isCount(statements) && isCount(cited) && Object.keys(other).length === 0) return { statements, cited };
  if (Object.keys(value).length !== 1) return null;
  const { tool, model, tokens, ms, egress } = value;
  if (isName(tool)) return { tool };
  if (isName(model)) return { model };
  if (isCount(tokens)) return { tokens };
  if (isCount(ms)) return { ms };
  if (!isRecord(egress)) return null;
  const { label, zone, bytes } = egress;
  return isName(label) && isName(zone) && isCount(bytes) ? { egress: { label, zone, bytes } } : null;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isName = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
