import { attach } from './agents/attach.ts';
import { bundled } from './agents/bundled/bundled.ts';
import { misbehaviour } from './agents/misbehaviour.ts';
import { determinism } from './determinism.ts';
import { economy } from './economy.ts';
import { etcd } from './etcd/etcd.ts';
import { history } from './history.ts';
import { hostile } from './hostile/hostile.ts';
import { manyNeeds } from './many-needs.ts';
import { partition } from './partition.ts';
import { plants } from './plants.ts';
import { churn } from './processes/churn.ts';
import { hostilePeer } from './processes/hostile-peer.ts';
import { processes } from './processes/processes.ts';
import { removal } from './removal.ts';
import { restart } from './restart.ts';
import type { Suite } from './suite.ts';

/** Every suite of `npm run e2e`, in the order in which they run. */
export const suites: readonly Suite[] = [
  determinism,
  removal,
  plants,
  restart,
  partition,
  history,
  manyNeeds,
  economy,
  hostile,
  misbehaviour,
  attach,
  bundled,
  verification,
  processes,
  churn,
  hostilePeer,
  etcd,
];

import { verification } from './verification.ts';
