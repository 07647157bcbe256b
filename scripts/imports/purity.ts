import type { Node } from 'oxc-parser';
import type { Finding } from '../repository/finding.ts';
import type { Source } from '../repository/source.ts';
import { walk } from '../repository/walk.ts';
import { type GlobalUse, globalUses } from './scope.ts';
import { importsOf } from './specifiers.ts';

/** Sources whose result may depend on their arguments only. */
const pure = /^packages\/(protocol|kernel)\/src\//;
/** Sources that get time and chance through ports, so that a whole network can run under one seed. */
const seeded = /^(packages\/node|agents\/[^/]+)\/src\//;

const timeAndChance = new Set([
  ...['Date', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'requestIdleCallback'],
  ...['crypto', 'Temporal'],
]);
const outsideWorld = new Set([
  ...['process', 'globalThis', 'global', 'window', 'self', 'navigator', 'console', 'fetch', 'require', 'Buffer'],
  ...['WebSocket', 'Worker', 'MessageChannel', 'BroadcastChannel', 'Atomics', 'SharedArrayBuffer', 'localStorage'],
  ...['eval', 'Function', 'WeakRef', 'FinalizationRegistry', 'parseFloat', 'Intl'],
]);
const exactMath = new Set(['min', 'max', 'floor', 'ceil', 'trunc', 'abs', 'imul', 'clz32', 'sign']);
/** The one file that may start an integer square root from the floating one and correct it. */
const squareRoot = /\/isqrt\.ts$/;
const localeMember = /^(toLocale\w*|localeCompare)$/;

/** Checks a file of a pure or a seeded folder for what would make two runs differ; other files have nothing to answer for. */
export function checkPurity(source: Source): Finding[] {
  const isPure = pure.test(source.path);
  if (!isPure && !seeded.test(source.path)) return [];
  const findings: Finding[] = [];
  const add = (node: Pick<Node, 'start'>, message: string): void => {
    findings.push({ rule: isPure ? 'purity' : 'ambient', path: source.path, line: source.lineAt(node.start), message });
  };
  for (const use of globalUses(source.program)) {
    const problem = globalProblem(use, isPure, source.path);
    if (problem !== undefined) add(use.node, problem);
  }
  walk(source.program, (node) => {
    const problem = nodeProblem(node, isPure);
    if (problem !== undefined) add(node, problem);
    return undefined;
  });
  return isPure ? [...findings, ...nodeImports(source)] : findings;
}

function globalProblem({ name, parent }: GlobalUse, isPure: boolean, path: string): string | undefined {
  if (timeAndChance.has(name)) return `${name}: time and chance come in as arguments`;
  if (name === 'Math') {
    const member = parent?.type === 'MemberExpression' && !parent.computed ? memberName(parent) : undefined;
    if (member === 'random') return 'Math.random: chance comes in as an argument';
    if (!isPure || (member !== undefined && exactMath.has(member))) return undefined;
    if (member === 'sqrt' && squareRoot.test(path)) return undefined;
    return `Math.${member ?? '[...]'}: only functions that are exact on integers`;
  }
  return isPure && outsideWorld.has(name) ? `${name} depends on more than the arguments` : undefined;
}

function nodeProblem(node: Node, isPure: boolean): string | undefined {
  if (node.type === 'MemberExpression' && localeMember.test(memberName(node) ?? '')) {
    return `${memberName(node)} depends on the locale`;
  }
  if (!isPure) return undefined;
  if (node.type === 'MemberExpression' && memberName(node) === 'parseFloat') return 'parseFloat makes floats';
  if (node.type === 'Literal' && typeof node.value === 'number' && !isIntegerLiteral(node.value, node.raw ?? '')) {
    return `${node.raw}: integers only`;
  }
  return undefined;
}

/** `2 ** 53 - 1` is written out or computed; `1e3` and `1.0` are integers that look like floats, and are refused too. */
function isIntegerLiteral(value: number, raw: string): boolean {
  return Number.isSafeInteger(value) && (/^0[xob]/i.test(raw) || /^[0-9_]+$/.test(raw));
}

function memberName(node: Node): string | undefined {
  return node.type === 'MemberExpression' && node.property.type === 'Identifier' && !node.computed
    ? node.property.name
    : undefined;
}

function nodeImports(source: Source): Finding[] {
  return importsOf(source)
    .filter(({ specifier }) => specifier?.startsWith('node:') === true)
    .map(({ specifier, line }) => ({
      rule: 'purity',
      path: source.path,
      line,
      message: `${specifier}: this code runs anywhere`,
    }));
}
