import { constants, getPriority, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { PolicyError } from '@canswarm/ports';
import { type OpaPolicy, opaPolicy } from './opa-policy.ts';
import type { FromThread, ToThread } from './thread-messages.ts';

// On Linux a priority is a thread's own, on other systems the process's: there it stays. A policy that uses up its gas gives way to the node.
if (process.platform === 'linux') setPriority(Math.max(getPriority(), constants.priority.PRIORITY_BELOW_NORMAL));

const policies = new Map<number, OpaPolicy>();

const tell = (message: FromThread): void => parentPort?.postMessage(message);

parentPort?.on('message', (message: ToThread) => {
  switch (message.kind) {
    case 'load':
      return load(message);
    case 'evaluate':
      return evaluate(message);
    case 'unload':
      policies.delete(message.policy);
  }
});

function evaluate({ id, policy, input }: Extract<ToThread, { kind: 'evaluate' }>): void {
  const loaded = policies.get(policy);
  if (loaded === undefined) return tell({ kind: 'refused', id, code: 'closed', message: 'the policy was closed' });
  tell({ kind: 'decided', id, decision: loaded.decide(input) });
}

function load({ id, policy, program }: Extract<ToThread, { kind: 'load' }>): void {
  try {
    policies.set(policy, opaPolicy(program));
    tell({ kind: 'loaded', id });
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    tell({ kind: 'refused', id, code: error.code, message: error.message });
  }
}

tell({ kind: 'ready' });
