import type { CallExpression, Node } from 'oxc-parser';
import type { Finding } from '../repository/finding.ts';
import { isTest, type Source } from '../repository/source.ts';
import { walk } from '../repository/walk.ts';

const suites = new Set(['it', 'test', 'describe', 'suite']);
const leftOut = new Set(['only', 'skip', 'todo', 'fails']);
/** The one file that may let time pass: that nothing more happens on a real clock has no event to wait for. */
const settles = 'packages/ports/src/compliance/real-world.ts';

/**
 * In tests: nothing picked out or left out for good (`skipIf` on a missing tool is fine), and no waiting for time to pass.
 * A timer that fails a wait at its deadline is not a sleep; one whose only act is to resolve a promise is.
 */
export function checkTests(source: Source): Finding[] {
  if (!isTest(source.path)) return [];
  const findings: Finding[] = [];
  const mayPass = source.path === settles;
  const add = (rule: string, node: Node, message: string): void => {
    findings.push({ rule, path: source.path, line: source.lineAt(node.start), message });
  };
  walk(source.program, (node, ancestors) => {
    if (node.type === 'MemberExpression' && node.property.type === 'Identifier' && !node.computed) {
      const root = rootOf(node.object);
      if (suites.has(root) && leftOut.has(node.property.name)) {
        add('focused-test', node, `${root}.${node.property.name}: every test runs`);
      }
      if (root === 'Atomics' && node.property.name === 'wait') add('sleep', node, 'wait for the event itself');
    }
    if (node.type === 'ImportDeclaration' && node.source.value === 'node:timers/promises') {
      add('sleep', node, 'wait for the event itself');
    }
    if (
      node.type === 'CallExpression' &&
      !mayPass &&
      (isNamed(node.callee, 'sleep') || isTimedResolve(node, ancestors))
    ) {
      add('sleep', node, 'wait for the event itself');
    }
    return undefined;
  });
  return findings;
}

function rootOf(node: Node): string {
  let current = node;
  while (current.type === 'MemberExpression') current = current.object;
  return current.type === 'Identifier' ? current.name : '';
}

function isNamed(node: Node, name: string): boolean {
  return node.type === 'Identifier' && node.name === name;
}

/** `setTimeout` whose task is the resolve function of the promise around it, or only calls that without a value. */
function isTimedResolve(call: CallExpression, ancestors: readonly Node[]): boolean {
  if (!isNamed(call.callee, 'setTimeout')) return false;
  const resolve = resolverAround(ancestors);
  const [task] = call.arguments;
  if (resolve === undefined || task === undefined) return false;
  if (isNamed(task, resolve)) return true;
  if (task.type !== 'ArrowFunctionExpression') return false;
  const action = onlyAction(task.body);
  return action?.type === 'CallExpression' && isNamed(action.callee, resolve) && action.arguments.length === 0;
}

/** The name of the first parameter of the nearest `new Promise((resolve) => ...)`. */
function resolverAround(ancestors: readonly Node[]): string | undefined {
  const promise = ancestors.findLast((node) => node.type === 'NewExpression' && isNamed(node.callee, 'Promise'));
  const executor = promise?.type === 'NewExpression' ? promise.arguments[0] : undefined;
  if (executor?.type !== 'ArrowFunctionExpression' && executor?.type !== 'FunctionExpression') return undefined;
  const [first] = executor.params;
  return first?.type === 'Identifier' ? first.name : undefined;
}

function onlyAction(body: Node): Node | undefined {
  if (body.type !== 'BlockStatement') return body;
  const [statement] = body.body;
  return body.body.length === 1 && statement?.type === 'ExpressionStatement' ? statement.expression : undefined;
}
