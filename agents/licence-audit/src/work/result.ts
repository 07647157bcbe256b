import type { NOTES, VERDICTS } from '../rules.ts';
import type { UnusableEntry } from './lockfile.ts';
import type { UnusableName } from './policy.ts';

export type Note = (typeof NOTES)[number];
export type Verdict = (typeof VERDICTS)[number];

/** A licence whose text stands in a file of a package. */
export interface FoundLicence {
  /** Name of the file in the package's folder. */
  readonly file: string;
  readonly licence: string;
  /** Key of the citation of its tell-tale words. */
  readonly citation: string;
}

/** What is said about one package of the lockfile. */
export interface AuditedPackage {
  readonly path: string;
  readonly name: string;
  readonly version: string | null;
  /** Which file says the licence; null when none does. */
  readonly source: 'package.json' | 'package-lock.json' | null;
  /** The licence as it is said there. */
  readonly said: string | null;
  /** The same, when it is an SPDX expression. */
  readonly declared: string | null;
  readonly found: readonly FoundLicence[];
  readonly verdict: Verdict;
  readonly notes: readonly Note[];
  /** Keys of all its citations: first what is said, then each text found. */
  readonly citations: readonly string[];
}

/** The output's value. */
export interface Audit {
  readonly summary: Readonly<Record<'packages' | Verdict | 'links' | 'development', number>>;
  readonly packages: readonly AuditedPackage[];
  readonly unusable: readonly (UnusableName | UnusableEntry)[];
}
