import { defineAgent } from '@canswarm/agent';
import { example } from './example.ts';
import { CHECK, SKILL } from './rules.ts';
import { inputSchema, outputSchema } from './schemas.ts';
import { extract } from './work/extract.ts';

/** The agent that extracts rows and tables from HTML. */
export const agent = defineAgent({
  name: SKILL,
  description: 'Extracts rows and tables from HTML as CSV and JSON, with a selector and a byte range for each cell',
  version: '0.1.0',
  skills: [
    {
      id: SKILL,
      name: 'Extraction from HTML',
      description:
        'Gives the rows of HTML files as CSV and JSON: the elements that a CSS selector chooses, or the main table or list of each file, or ' +
        'every table that holds data. Fields are texts or attributes, checked for a type. For each cell it says by which path and at ' +
        'which bytes its element stands.',
      tags: ['html', 'csv', 'json', 'scraping', 'tables'],
      inputSchema,
      outputSchema,
      price: 0.5,
      execute: extract,
      verification: { checks: [CHECK], example },
    },
  ],
});
