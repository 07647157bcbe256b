import type { Conformance, PolicyDiff, PolicyFacts, PolicyTests } from 'canswarm';
import type { Io } from '../io.ts';
import { painter } from '../io.ts';
import { count, safe, table } from '../text.ts';

/** What a decision says, for people. */
interface Said {
  readonly allow: boolean;
  readonly reasons: readonly {
    readonly rule: string;
    readonly code: string;
    readonly facts: Readonly<Record<string, unknown>>;
  }[];
}

/** `sizes: envelope_too_large (bytes 70000, limit 65536)` for each reason. */
export const reasonLines = (reasons: Said['reasons']): readonly string[] =>
  reasons.map(({ rule, code, facts }) => {
    const listed = Object.entries(facts).map(([name, fact]) => `${safe(name)} ${safe(String(fact))}`);
    return `${safe(rule)}: ${safe(code)}${listed.length === 0 ? '' : ` (${listed.join(', ')})`}`;
  });

/** `denied by sizes: envelope_too_large (bytes 70000, limit 65536)`. */
function saidText({ allow, reasons }: Said): string {
  const each = reasonLines(reasons);
  return `${allow ? 'allowed' : 'denied'} by ${each.length === 0 ? 'nothing that it names' : each.join('; ')}`;
}

export function testsText(io: Io, { cases, rego, regoSkipped }: PolicyTests): string {
  const paint = painter(io, io.out);
  const lines = cases.map(({ name, allow, decision }) => {
    const mark = decision.allow === allow ? paint('green', 'ok  ') : paint('red', 'fail');
    return `${mark} ${safe(name)}\n     ${paint('dim', saidText(decision))}`;
  });
  const wrong = cases.filter(({ allow, decision }) => decision.allow !== allow).length;
  lines.push(`${count(cases.length - wrong, 'case')} decided as they say, ${wrong} not.`);
  if (rego === null) lines.push(`The tests in Rego were not run: ${safe(regoSkipped ?? '')}`);
  else
    lines.push(
      `${rego.passed} tests in Rego passed, ${rego.failed.length} failed.`,
      ...rego.failed.map((name) => `  ${safe(name)}`),
    );
  return lines.join('\n');
}

export function factsText(facts: PolicyFacts): string {
  const { capsule } = facts;
  const signed = facts.signature === true ? 'signed by' : 'NOT signed by';
  return table([
    ['capsule', facts.cid],
    ['name', safe(capsule.name)],
    ['author', facts.author === null ? 'nobody has signed it' : `${signed} ${facts.author}`],
    ['engine', `${capsule.engine} (${facts.wasmBytes} bytes)`],
    ['source', capsule.source],
    ['schema', String(capsule.schema)],
    ['gas', `${capsule.gas}, of which its cases take ${facts.gasUsedMax} at most`],
    ['memory', `${capsule.memoryBytes} bytes`],
    ['builtins', capsule.builtins.length === 0 ? 'none' : capsule.builtins.map(safe).join(', ')],
    ['parameters', Object.keys(capsule.parameters).map(safe).join(', ')],
    [
      'conformance',
      `${facts.cases} cases, ${facts.conforms ? 'decided here as they say' : 'NOT decided here as they say'}`,
    ],
  ]);
}

export function conformanceText({ cases, different }: Conformance): string {
  if (different.length === 0) return `This machine decides all ${cases} cases as they say, gas included.`;
  const lines = different.map(
    ({ name, expected, found }) =>
      `${safe(name)}\n  expected ${saidText(expected)}, gas ${expected.gasUsed}\n  found    ${saidText(found)}, gas ${found.gasUsed}`,
  );
  return [...lines, `${different.length} of ${cases} cases are decided otherwise here.`].join('\n');
}

export function diffText({ before, after, fields, cases, decisions }: PolicyDiff): string {
  if (before === after) return 'They are the same capsule.';
  const changed = fields.map(
    ({ path, before: one, after: other }) => `${safe(path)}\n  - ${safe(one)}\n  + ${safe(other)}`,
  );
  const decided = decisions.map(
    ({ name, before: one, after: other }) => `${safe(name)}\n  - ${saidText(one)}\n  + ${saidText(other)}`,
  );
  const otherwise = decisions.length === 0 ? 'none otherwise' : `${decisions.length} otherwise:`;
  return [...changed, `${cases} inputs were decided by both, ${otherwise}`, ...decided].join('\n');
}
