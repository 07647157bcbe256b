import { dataFolder } from '../home/folder.ts';
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

const examinations = (home: string): readonly Examination[] => [
  cryptoExamination,
  sqliteExamination,
  contentExamination,
  temporaryExamination,
  dataFolderExamination(home),
  diskExamination,
  clockExamination,
  threadsExamination,
];

/** Looks at everything on this machine that canswarm needs, with its home in that folder. Leaves nothing behind. */
export async function examineMachine(
  home: string = dataFolder(process.env, process.platform),
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const examination of examinations(home)) findings.push(await examineOne(examination));
  return findings;
}
