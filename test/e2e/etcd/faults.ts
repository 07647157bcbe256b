import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after } from '../processes/cluster.ts';
import { fill } from '../processes/faults.ts';
import { AWAY, type Bed, everybodyBut, MEMBERS, SMALL } from './bed.ts';
import { killedMove, moved } from './move-bucket.ts';

/** A fault that is about to come. */
export interface Strike {
  /** Nodes that cannot have anything of the log while it lasts. */
  readonly cutOff?: readonly string[];
  /** Resolves when it is there. */
  strike(): Promise<void> | void;
  /** Ends it. Members that ended are started by who asks. */
  heal(): Promise<void> | void;
}

export interface Fault {
  /** What is done, in words. */
  readonly tells: string;
  /** In how many buckets the log is, over two clusters; left out: one, in one. */
  readonly buckets?: number;
  aim(bed: Bed, round: number): Promise<Strike>;
}

type Member = Bed['etcd']['members'][number];

const LOST_ON_ITS_SIDE = ['node-4', 'node-5'];
const nothing = (): void => undefined;

/** The member that leads; waits for one. */
async function leaderOf({ etcd }: Bed): Promise<Member> {
  for (;;) {
    const leader = await etcd.leader();
    if (leader !== null) return leader;
    await after(100, nothing);
  }
}

async function followerOf(bed: Bed): Promise<Member> {
  const leader = await leaderOf(bed);
  return bed.etcd.members.find((member) => member !== leader) ?? leader;
}

const killOne = (pick: (bed: Bed) => Promise<Member>): Fault['aim'] => {
  return async (bed) => {
    const member = await pick(bed);
    return { strike: () => member.kill(), heal: nothing };
  };
};

/** Cuts some from others. */
const cutting = (
  sides: (leader: string, bed: Bed) => readonly [ones: readonly string[], others: readonly string[]],
  cutOff: readonly string[] = [],
): Fault['aim'] => {
  return async (bed) => {
    const [ones, others] = sides((await leaderOf(bed)).name, bed);
    return { cutOff, strike: () => bed.wires.cut(ones, others), heal: () => bed.wires.heal() };
  };
};

/** A member that is stopped so much of the time answers late, and now and then too late to lead. */
const STOPPED_MS = { least: 100, span: 900 };
const GOES_ON_MS = 150;

const slow: Fault['aim'] = async (bed, round) => {
  const member = round % 2 === 1 ? await leaderOf(bed) : await followerOf(bed);
  const { pid } = member;
  const tell = (signal: NodeJS.Signals): void => void (pid !== null && member.pid === pid && process.kill(pid, signal));
  let isOver = false;
  let bursts = Promise.resolve();
  const burst = async (): Promise<void> => {
    while (!isOver) {
      tell('SIGSTOP');
      await after(STOPPED_MS.least + Math.random() * STOPPED_MS.span, () => tell('SIGCONT'));
      await after(GOES_ON_MS, nothing);
    }
  };
  return {
    strike: () => {
      bursts = burst();
    },
    heal: () => {
      isOver = true;
      return bursts;
    },
  };
};

/** A member on a full disk ends by itself as soon as it needs more room than it has taken before, ms at most. */
const FULL_MS = 60_000;

const full: Fault['aim'] = async (bed) => {
  const ballast = join(bed.smallDisk, 'ballast');
  const member = bed.etcd.members.find(({ name }) => name === SMALL);
  return {
    strike: async () => {
      fill(ballast, bed.smallDisk);
      // The others go on, and what they take this one must take too.
      for (const end = Date.now() + FULL_MS; member?.pid !== null; await bed.probe.burden()) {
        if (Date.now() > end) throw new Error(`${SMALL} has gone on for ${FULL_MS} ms on a full disk`);
      }
    },
    heal: () => rmSync(ballast, { force: true }),
  };
};

const SKEW_MS = 600_000;
const skew: Fault['aim'] = async (bed) => {
  const [ahead, behind] = ['node-3', 'node-4'];
  return {
    strike() {
      bed.setClock(ahead, Math.round(Math.random() * SKEW_MS));
      bed.setClock(behind, -Math.round(Math.random() * SKEW_MS));
    },
    heal() {
      bed.setClock(ahead, 0);
      bed.setClock(behind, 0);
    },
  };
};

const BUCKETS = 4;

/** All buckets go to one cluster, in turn; in every second round whoever moves the first of them is killed on the way. */
const moveBuckets: Fault['aim'] = async (bed, round) => {
  const to = round % 2 === 1 ? AWAY : 'home';
  return {
    strike: async () => {
      if (round % 4 >= 2) await killedMove(bed, 0, to, round);
      else await moved(bed, 0, to);
      for (let bucket = 1; bucket < BUCKETS && round % 4 < 2; bucket += 1) await moved(bed, bucket, to);
    },
    heal: async () => {
      for (let bucket = 0; bucket < BUCKETS; bucket += 1) await moved(bed, bucket, to);
    },
  };
};

/** What may befall the cluster, the nodes and the wires between them. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  'leader-killed': { tells: 'the leader ends by SIGKILL, and is started again', aim: killOne(leaderOf) },
  'follower-killed': { tells: 'a follower ends by SIGKILL, and is started again', aim: killOne(followerOf) },
  'all-restarted': {
    tells: 'all members end by SIGKILL at once, and are started again',
    aim: async ({ etcd }) => ({
      strike: async () => void (await Promise.all(etcd.members.map((member) => member.kill()))),
      heal: nothing,
    }),
  },
  'disk-full': { tells: 'the disk of one member, a small tmpfs, is filled until it ends, and freed', aim: full },
  'leader-alone': {
    tells: 'the leader is cut from the other members and from all clients',
    aim: cutting((leader, bed) => [[leader], everybodyBut(bed, leader)]),
  },
  'leader-with-clients': {
    tells: 'the leader and two nodes are cut from everybody else',
    aim: cutting((leader, bed) => {
      const side = [leader, ...LOST_ON_ITS_SIDE];
      return [side, everybodyBut(bed, ...side)];
    }, LOST_ON_ITS_SIDE),
  },
  'leader-without-members': {
    tells: 'the leader is cut from the other members; all clients reach all three',
    aim: cutting((leader) => [[leader], MEMBERS.filter((name) => name !== leader)]),
  },
  'nodes-apart': {
    tells: 'two nodes are cut from the other three; all reach etcd',
    aim: cutting((_, { nodes }) => [LOST_ON_ITS_SIDE, nodes.names.filter((name) => !LOST_ON_ITS_SIDE.includes(name))]),
  },
  'nodes-without-etcd': {
    tells: 'two nodes are cut from all members; all nodes reach each other',
    aim: cutting(() => [LOST_ON_ITS_SIDE, MEMBERS], LOST_ON_ITS_SIDE),
  },
  'slow-member': {
    tells: 'the leader, or in every second round a follower, is stopped and let go on in bursts of up to a second',
    aim: slow,
  },
  'bucket-moved': {
    tells:
      'of a log in four buckets over two clusters all buckets are moved to one; now and then a move is killed, and ended',
    buckets: BUCKETS,
    aim: moveBuckets,
  },
  'clock-skew': {
    tells: 'the clocks of two nodes with verifiers jump up to ten minutes, one ahead, one back',
    aim: skew,
  },
};
