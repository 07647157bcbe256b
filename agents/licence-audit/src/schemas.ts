import { NOTES, VERDICTS } from './rules.ts';

const text = { type: 'string' } as const;
const textOrNull = { type: ['string', 'null'] } as const;
const count = { type: 'integer', minimum: 0 } as const;

function object(properties: Readonly<Record<string, unknown>>, required = Object.keys(properties)) {
  return { type: 'object', properties, required, additionalProperties: false } as const;
}

const list = (items: unknown) => ({ type: 'array', items }) as const;
const names = { type: 'array', items: { type: 'string', maxLength: 256 }, maxItems: 1_000 } as const;

/** What is asked for; the lockfile and the packages' files come as files. */
export const inputSchema = object({ allow: names, deny: names, production: { type: 'boolean' } }, []);

/** The audit. */
export const outputSchema = object({
  summary: object({
    packages: count,
    ...Object.fromEntries(VERDICTS.map((verdict) => [verdict, count])),
    links: count,
    development: count,
  }),
  packages: list(
    object({
      path: text,
      name: text,
      version: textOrNull,
      source: { enum: ['package.json', 'package-lock.json', null] },
      said: textOrNull,
      declared: textOrNull,
      found: list(object({ file: text, licence: text, citation: text })),
      verdict: { enum: [...VERDICTS] },
      notes: list({ enum: [...NOTES] }),
      citations: list(text),
    }),
  ),
  unusable: list(object({ what: { enum: ['allow', 'deny', 'package'] }, text, reason: text })),
});
