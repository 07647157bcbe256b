import { defineAgent } from '@canswarm/agent';
import { example } from './example.ts';
import { CHECK, SKILL } from './rules.ts';
import { inputSchema, outputSchema } from './schemas.ts';
import { audit } from './work/audit.ts';

/** The agent that audits the licences of an npm lockfile's packages. */
export const agent = defineAgent({
  name: SKILL,
  description: 'Audits the licences of the packages in an npm lockfile, with citations into the installed packages',
  version: '0.1.0',
  skills: [
    {
      id: SKILL,
      name: 'Licence audit',
      description:
        'Says for each package of package-lock.json which licence its package.json declares, which licence texts lie with it and whether the ' +
        'lists "allow" and "deny" let it pass. Files: package-lock.json, and for each package its package.json and licence files under the ' +
        'paths of the lockfile. Every licence named is cited byte by byte.',
      tags: ['licence', 'spdx', 'npm', 'audit'],
      inputSchema,
      outputSchema,
      price: 0.5,
      execute: audit,
      verification: { checks: [CHECK], example },
    },
  ],
});
