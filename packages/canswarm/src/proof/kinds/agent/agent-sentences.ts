import { allOf, STANDS } from '../../all-of.ts';
import type { ResultSentences } from '../result-kind.ts';
import type { AgentResult } from './agent-result.ts';

/** What a proof of an agent's result shows and what it does not, by what its need declares. */
export function agentSentences(
  { files, citations, terms }: Pick<AgentResult, 'files' | 'citations' | 'terms'>,
  blocks: number,
): ResultSentences {
  const declared = declaredBy(terms);
  const wholly =
    declared === null
      ? 'That the output is right beyond its shape: the need declares no check and no module that would say so.'
      : `That ${declared} agree: a committee ran them. Run them again with --reexecute, on a proof that holds the input.`;
  return {
    proven: [
      citations.length === 0
        ? `All ${blocks} blocks are what their CIDs name.`
        : `${allOf(citations.length, 'citation', STANDS)} byte for byte in the files that the need names; all ${blocks} blocks are what their CIDs name.`,
      'The output is one JSON value with its files and citations, and the value fits the JSON Schema of the need, judged again.',
      files.length === 0
        ? 'result.json and report.md say exactly what was committed, which has no files.'
        : `result.json, report.md and the ${files.length} of files/ are exactly what was committed, and no other file is there.`,
    ],
    whole: 'The input is in the proof whole.',
    notProven: (again) => [
      'That the input is authentic, true or up to date: the need names its bytes and nobody judges them.',
      ...(again && declared !== null ? [] : [wholly]),
      ...(again ? [] : ['That the input fits its schema: a committee judged so.']),
      ...(citations.length === 0 ? [] : ['That the line numbers of citations are right: the worker counted them.']),
    ],
  };
}

/** The checks and the module that terms name, for people; null when they name none. */
export function declaredBy({ checks, module }: AgentResult['terms']): string | null {
  const named = [
    ...(checks.length === 0
      ? []
      : [`the certificate ${checks.length === 1 ? 'check' : 'checks'} ${checks.join(', ')}`]),
    ...(module === null ? [] : [`the pinned module (${module.mode})`]),
  ];
  return named.length === 0 ? null : named.join(' and ');
}
