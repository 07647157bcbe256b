import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { makePrivateFolder } from '../folder.ts';
import { HomeError } from '../home-error.ts';
import type { Lock } from '../lock.ts';
import { type Holder, lockHolder, takeLock } from '../noted-lock.ts';
import type { KeyFacts } from './sealed-key.ts';

/** Where the lock of a key lies: named after what it signs as, so a key under two names has one lock. */
function lockPath(folder: string, { kind, did, name }: KeyFacts): string {
  const subject = kind === 'chain' ? `${kind}/${did}/${name}` : `${kind}/${did}`;
  return join(folder, `${createHash('sha256').update(subject).digest('hex').slice(0, 32)}.lock`);
}

/** Takes a key for this process until it is released or the process ends. Throws `in_use` when another has it. */
export function lockKey(folder: string, facts: KeyFacts): Lock {
  makePrivateFolder(folder);
  const taken = takeLock(lockPath(folder, facts));
  if ('release' in taken) return taken;
  throw inUse(facts.name, taken);
}

/** Who holds a key now; null when nobody does. */
export const holderOf = (folder: string, facts: KeyFacts): Holder | null => lockHolder(lockPath(folder, facts));

function inUse(name: string, { pid, since }: Holder): HomeError {
  const who = pid === null ? 'another process' : `process ${pid} since ${since}`;
  return new HomeError(
    'in_use',
    `the key ${name} is held by ${who}`,
    'A key has one holder. Two would sign things that contradict each other, and that costs the stake.',
    `Stop that process first${pid === null ? '' : ` (canswarm down, or kill ${pid})`}, or use another key.`,
  );
}
