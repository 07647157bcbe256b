import { freeBalance, type State } from '@canswarm/kernel';
import type { KnownOffer } from '../need/why-unbid.ts';
import { agentOfEngine } from './attach/attached-runner.ts';
import { orgOf } from './known-offers.ts';
import type { NodeFolder } from './network-folder.ts';
import { NodeClient } from './node-client.ts';
import type { NodeFile } from './node-file.ts';

/** How long it is believed which nodes run, ms. */
const FRESH_MS = 2_000;

interface Neighbour {
  readonly file: NodeFile;
  readonly life: 'runs' | 'stopped';
}

/** The other nodes of this home: what they offer is known from their files, whether they run or not. */
export class HomeNodes {
  readonly #folder: NodeFolder;
  #seen: Promise<readonly Neighbour[]> = Promise.resolve([]);
  #seenAt = Number.NEGATIVE_INFINITY;

  constructor(folder: NodeFolder) {
    this.#folder = folder;
  }

  /** Their workers that have a skill. Of agents attached to a node that runs its peers tell. */
  async offers(skill: string, state: State): Promise<readonly KnownOffer[]> {
    const now = performance.now();
    if (now - this.#seenAt > FRESH_MS) {
      this.#seenAt = now;
      this.#seen = this.#look();
    }
    return (await this.#seen).flatMap(({ file, life }) =>
      file.agents
        .filter(({ execute, skills }) => execute !== null && skills.includes(skill))
        .filter(({ execute }) => life === 'stopped' || agentOfEngine(execute) === null)
        .map(({ did, name }): KnownOffer => {
          const presence = life === 'stopped' ? { stopped: file.name } : 'here';
          return { did, agent: name, org: orgOf(state, did), price: null, free: freeBalance(state, did), presence };
        }),
    );
  }

  async #look(): Promise<readonly Neighbour[]> {
    const { network, name: own } = this.#folder;
    const found = network
      .nodes()
      .filter((name) => name !== own)
      .map(async (name): Promise<readonly Neighbour[]> => {
        const folder = network.node(name);
        const life = await new NodeClient(folder).life();
        // Of one that hangs nobody knows what it will do.
        return life === 'hangs' ? [] : [{ file: folder.read(), life }];
      });
    // A node whose file is broken is none that offers anything: the doctor tells of it.
    return (await Promise.allSettled(found)).flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  }
}
