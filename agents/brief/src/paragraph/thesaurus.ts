import { stem, wordsOf } from './words.ts';

/**
 * Words that documentation uses for each other. A question names a thing in its asker's words; a passage that uses another of
 * the same line is likely to be about it. One line is one notion; a word may stand in several. Two words are a phrase.
 */
const NOTIONS = `
  mandatory, required, compulsory, necessary
  several, multiple, many, list, array, variadic
  important, priority, urgent
  timeout, too long, time limit, wait forever, hang
  delay, wait, timeout, sleep
  turn on, switch on, enable, activate
  turn off, switch off, disable, deactivate
  leave out, ignore, exclude, skip, omit, filter, discard
  delete, remove, erase, clear, unset
  create, construct, instantiate, generate, build
  show, display, print, output, log
  string, print, serialize, stringify, text
  error, fail, failure, exception, throw, crash, reject, invalid
  cancel, abort, stop, interrupt, terminate, kill
  limit, maximum, max, cap, restrict, throttle
  fast, speed, performance, quick, efficient, slow
  license, licence, copyright
  safe, secure, security, protect, protected
  vulnerability, exploit, security issue, security bug
  read, parse, load, open
  write, save, store, persist
  convert, transform, translate, encode
  change, modify, update, edit, alter
  upgrade, migrate, migration, update
  install, setup, set up, download
  configure, configuration, setting, customize
  argument, parameter, option, flag
  run, execute, start, launch, invoke
  test, check, verify, validate, assert
  compare, comparison, difference, differ, versus
  compatible, compatibility, support, supported
  deprecated, obsolete, legacy
  fix, repair, resolve, patch
  folder, directory
  copy, clone, duplicate
  combine, merge, join, concatenate
  split, divide, separate
  sort, order, rank
  find, search, locate, query, match
  count, number, how many, length, size, total
  maintain, maintainer, look after, author, contributor
  contact, email, report, support
  example, sample, demo, usage
  retry, repeat, again
  empty, blank, null, missing
  async, asynchronous, promise, await
  concurrent, concurrency, parallel, simultaneous, same time
  listener, handler, callback, hook
  browser, web, client
  cli, command line, terminal, shell
  environment, env
  debug, trace, verbose, log
  typo, misspelled, misspelling, fuzzy
  glob, pattern, wildcard
  hidden, dotfile
  certain, specific, particular, name
  need, require, depend, dependency
  password, secret, credential, token
  reason, why, because, motivation
  allow, permit, accept
  forbid, prohibit, prevent, avoid
`;

const lines: readonly (readonly string[])[] = NOTIONS.trim()
  .split('\n')
  .map((line) => line.split(',').map((form) => wordsOf(form).map(stem).join(' ')));

const notionsOf = new Map<string, number[]>();
lines.forEach((forms, notion) => {
  for (const form of forms) notionsOf.set(form, [...(notionsOf.get(form) ?? []), notion]);
});

/** Single stems that mean about the same as `form`, a stem or two stems with a space between. */
export function similarTo(form: string): readonly string[] {
  const forms = (notionsOf.get(form) ?? []).flatMap((notion) => lines[notion] ?? []);
  return [...new Set(forms)].filter((other) => other !== form && !other.includes(' '));
}
