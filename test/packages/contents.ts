import { readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { linkTargets } from '../../scripts/tidy/markdown.ts';
import { filesIn, manifestIn, type PublishedManifest } from './folder.ts';

const NEEDED = ['LICENSE', 'README.md', 'package.json'];
const EXACT = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;
/** What every package promises of Node. */
const ENGINE = '>=22.18';

/**
 * What is wrong with an unpacked package by itself: files that lack or that are not for users, and a package.json that would
 * not install as it should. `published` has the version of each package that is published with it; no file may mention
 * `root`, the folder it was built in.
 */
export function contentProblems(folder: string, published: ReadonlyMap<string, string>, root: string): string[] {
  const files = filesIn(folder);
  const manifest = manifestIn(folder);
  return [
    ...NEEDED.filter((path) => !files.includes(path)).map((path) => `no ${path}`),
    ...files.flatMap((path) => fileProblems(folder, path, files, root)),
    ...fieldProblems(manifest),
    ...dependencyProblems(manifest, published),
    ...targetProblems(folder, manifest, files),
  ];
}

function fileProblems(folder: string, path: string, files: readonly string[], root: string): string[] {
  const problems: string[] = [];
  if (path.endsWith('.ts') && !path.endsWith('.d.ts')) problems.push(`${path} is a source`);
  if (/(^|\/)(test|node_modules)\/|\.test\.|\.map$|tsconfig/.test(path)) problems.push(`${path} is not for users`);
  const text = readFileSync(join(folder, path), 'utf8');
  if (text.includes(root)) problems.push(`${path} names the folder it was built in`);
  if (!path.endsWith('.md')) return problems;
  for (const { target } of linkTargets(text)) {
    if (/^([a-z]+:|#)/.test(target)) continue;
    const [file = ''] = target.split('#', 1);
    const resolved = posix.normalize(posix.join(posix.dirname(path), file));
    if (!files.includes(resolved)) problems.push(`${path} links to ${target}, which is not there`);
  }
  return problems;
}

function fieldProblems({ type, license, engines, ...manifest }: PublishedManifest): string[] {
  const unwanted = (['scripts', 'devDependencies', 'private'] as const).filter((key) => manifest[key] !== undefined);
  return [
    ...unwanted.map((key) => `package.json has ${key}`),
    ...(type === 'module' ? [] : ['package.json is not of type module']),
    ...(license === undefined ? ['package.json has no license'] : []),
    ...(engines?.node === ENGINE ? [] : [`package.json does not ask for Node ${ENGINE}`]),
  ];
}

function dependencyProblems(manifest: PublishedManifest, published: ReadonlyMap<string, string>): string[] {
  return Object.entries(manifest.dependencies ?? {}).flatMap(([name, version]) => {
    if (!EXACT.test(version)) return [`${name} "${version}" is not one version`];
    const ours = name === 'canswarm' || name.startsWith('@canswarm/');
    return ours && published.get(name) !== version ? [`${name} ${version} is not published along`] : [];
  });
}

/** Doors and commands that lead nowhere, and commands that a shell could not start. */
function targetProblems(folder: string, manifest: PublishedManifest, files: readonly string[]): string[] {
  const problems: string[] = [];
  const doors = Object.entries(manifest.exports ?? {});
  if (doors.length === 0) problems.push('package.json has no exports');
  for (const [door, { types = '', default: built = '' }] of doors) {
    for (const target of [types, built]) {
      if (!files.includes(target.replace(/^\.\//, ''))) problems.push(`the door ${door} leads to "${target}"`);
    }
  }
  for (const [command, path] of Object.entries(manifest.bin ?? {})) {
    if (!files.includes(path)) problems.push(`the command ${command} leads to "${path}"`);
    else if (!readFileSync(join(folder, path), 'utf8').startsWith('#!/usr/bin/env node\n')) {
      problems.push(`the command ${command} does not say that Node runs it`);
    } else if ((statSync(join(folder, path)).mode & 0o111) === 0) {
      problems.push(`the command ${command} is not executable`);
    }
  }
  return problems;
}
