/**
 * What worker and check both go by: numbers and names of the task, no code. Texts of licences stand in `tell-tales.ts`, everything else
 * that is due in the README.
 */
export const SKILL = 'licence-audit';
/** Name of the check; another rule of judgement is another name. */
export const CHECK = 'licence-audit/1';
export const LOCKFILE = 'package-lock.json';
export const MANIFEST = 'package.json';
export const REPORT = 'report.md';

export const LOCKFILE_BYTES_MAX = 16_777_216;
export const MANIFEST_BYTES_MAX = 1_048_576;
export const TEXT_BYTES_MAX = 1_048_576;
/** Deeper nested JSON is not read. */
export const JSON_DEPTH_MAX = 256;
/** Packages of one audit. */
export const PACKAGES_MAX = 5_000;
/** Citations of one audit, as a bundle holds them. */
export const CITATIONS_TOTAL = 10_000;
/** Licence texts told of one package at most; fewer where there are many packages. */
export const TEXTS_MAX = 8;
/** Longest path of a package in a lockfile, bytes. */
export const PATH_BYTES_MAX = 512;
/** Longest name, version or licence as it is said, and name of a licence file, bytes. */
export const WORD_BYTES_MAX = 256;
/** Longest range that is cited, bytes. */
export const CITED_BYTES_MAX = 4_096;
/** Entries of a list of licences in a manifest, the old form. */
export const LICENCES_MAX = 16;

/** Names of files, directly in a package's folder, that may hold a licence. */
export const TEXT_FILE = /^(?:(?:un)?licen[cs]e|copying|notice)/i;
/** Of those: names that tell of others' licences, and say nothing about the package's own. */
export const NOTICE_FILE = /^notice/i;

/** Remarks on a package, in the order in which they stand. */
export const NOTES = [
  'not_installed',
  'manifest_unreadable',
  'no_licence',
  'licence_form',
  'licence_unreadable',
  'not_spdx',
  'name_differs',
  'version_differs',
  'lock_differs',
  'text_differs',
  'denied_text',
  'text_too_large',
  'texts_left_out',
] as const;

/** Verdicts in the order in which the report has them. */
export const VERDICTS = ['denied', 'mismatch', 'unknown', 'allowed'] as const;
