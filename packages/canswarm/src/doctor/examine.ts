import { cryptoExamination } from './crypto.ts';
import { type Examination, examineOne, type Finding } from './finding.ts';
import {
  clockExamination,
  dataFolderExamination,
  diskExamination,
  temporaryExamination,
  threadsExamination,
} from './machine.ts';
import { contentExamination, sqliteExamination } from './storage.ts';

const EXAMINATIONS: readonly Examination[] = [
  cryptoExamination,
  sqliteExamination,
  contentExamination,
  temporaryExamination,
  dataFolderExamination,
  diskExamination,
  clockExamination,
  threadsExamination,
];

/** Looks at everything on this machine that canswarm needs. Leaves nothing behind. */
export async function examineMachine(): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const examination of EXAMINATIONS) findings.push(await examineOne(examination));
  return findings;
}
