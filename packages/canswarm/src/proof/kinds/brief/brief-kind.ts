import { CHECKER } from '@canswarm/brief';
import { BRIEF } from '../../folder/layout.ts';
import type { ResultKind } from '../result-kind.ts';
import { rankAgain } from './rank-again.ts';
import { renderBrief } from './render-brief.ts';

/** A cited brief over documents. */
export const briefKind: ResultKind = {
  checker: CHECKER,
  name: 'brief',
  report: BRIEF,
  folders: [],
  // The longest brief has 64 quotes of 4096 bytes, and spelling takes several characters for one.
  documentBytesMax: 16 * 1024 * 1024,
  outputEntriesMax: 1024,
  holdsExample: true,
  termFiles: () => [],
  render: renderBrief,
  judgeAgain: rankAgain,
};
