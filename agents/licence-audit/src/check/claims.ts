/** A package as an output tells of it: of the right types, nothing more is known. */
export interface ClaimedPackage {
  readonly path: string;
  readonly name: string;
  readonly version: string | null;
  readonly source: string | null;
  readonly said: string | null;
  readonly declared: string | null;
  readonly found: readonly { readonly file: string; readonly licence: string; readonly citation: string }[];
  readonly verdict: string;
  readonly notes: readonly string[];
  readonly citations: readonly string[];
}

export interface ClaimedAudit {
  readonly summary: Readonly<Record<string, number>>;
  readonly packages: readonly ClaimedPackage[];
  readonly unusable: readonly { readonly what: string; readonly text: string; readonly reason: string }[];
}

type Is = (value: unknown) => boolean;

const isText: Is = (value) => typeof value === 'string';
const isTextOrNull: Is = (value) => value === null || typeof value === 'string';
const isCount: Is = (value) => Number.isSafeInteger(value);
const listOf =
  (is: Is): Is =>
  (value) =>
    Array.isArray(value) && value.every(is);
/** An object with exactly these fields. */
const fields =
  (expected: Readonly<Record<string, Is>>): Is =>
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const entries = Object.entries(value);
    return (
      entries.length === Object.keys(expected).length &&
      entries.every(([key, item]) => Object.hasOwn(expected, key) && expected[key]?.(item) === true)
    );
  };

const isAudit = fields({
  summary: fields({
    packages: isCount,
    denied: isCount,
    mismatch: isCount,
    unknown: isCount,
    allowed: isCount,
    links: isCount,
    development: isCount,
  }),
  packages: listOf(
    fields({
      path: isText,
      name: isText,
      version: isTextOrNull,
      source: isTextOrNull,
      said: isTextOrNull,
      declared: isTextOrNull,
      found: listOf(fields({ file: isText, licence: isText, citation: isText })),
      verdict: isText,
      notes: listOf(isText),
      citations: listOf(isText),
    }),
  ),
  unusable: listOf(fields({ what: isText, text: isText, reason: isText })),
});

/** The audit that an output's value claims to be; undefined when it has not its form. */
export const readClaims = (value: unknown): ClaimedAudit | undefined =>
  isAudit(value) ? (value as ClaimedAudit) : undefined;
