import { cpSync, existsSync, readdirSync } from 'node:fs';
import { basePolicy } from '@canswarm/policies';
import { PolicyFault } from './policy-fault.ts';

/** Copies the base policy into a folder that is new or empty. Throws PolicyFault. */
export function initPolicy(folder: string): readonly string[] {
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new PolicyFault(
      'folder',
      `${folder} is not empty`,
      'Nothing was written.',
      'Name a folder that is new or empty.',
    );
  }
  cpSync(basePolicy, folder, { recursive: true });
  return readdirSync(folder).sort();
}
