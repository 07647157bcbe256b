import { mkdirSync } from 'node:fs';
import type { Lock } from '../home/lock.ts';
import { takeLock } from '../home/noted-lock.ts';
import { HostError } from './host-error.ts';
import type { NodeFolder } from './network-folder.ts';

/**
 * Takes a node of this home for this process until it is released or the process ends, however that ends: whoever runs the node holds it, and
 * whoever moves or recovers its log. Throws a HostError `node_running` when another has it.
 */
export function takeNode(node: NodeFolder): Lock {
  mkdirSync(node.path, { recursive: true, mode: 0o700 });
  const taken = takeLock(node.lockPath);
  if ('release' in taken) return taken;
  const { pid, since } = taken;
  const who = pid === null ? 'another process' : `process ${pid} since ${since}`;
  throw new HostError(
    'node_running',
    `the node "${node.name}" at ${node.path} is held by ${who}: it runs, or its log is being moved`,
    `Nothing was changed. Let that end, or stop it${pid === null ? '' : ` (canswarm down, or kill ${pid})`}; a process that died holds nothing.`,
  );
}

/** Takes all of them, or none. */
export function takeNodes(nodes: readonly NodeFolder[]): Lock {
  const locks: Lock[] = [];
  const release = (): void => {
    for (const lock of locks.splice(0)) lock.release();
  };
  try {
    for (const node of nodes) locks.push(takeNode(node));
  } catch (error) {
    release();
    throw error;
  }
  return { release };
}
