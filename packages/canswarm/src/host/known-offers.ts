import { entityOf, freeBalance, type State } from '@canswarm/kernel';
import type { Did } from '@canswarm/protocol';
import type { KnownOffer } from '../need/why-unbid.ts';
import type { AgentDesk } from './attach/agent-desk.ts';
import type { FoundAgent } from './attach/agent-directory.ts';
import { agentOfEngine } from './attach/attached-runner.ts';
import type { AgentEntry } from './node-file.ts';

/** Agents of peers are asked for again after this long, ms. */
const FRESH_MS = 10_000;
const ORG = 'org:';

/** The organisation that a key belongs to, as the log knows it; null: no authority vouches for it. */
export function orgOf(state: State, did: Did): string | null {
  const entity = entityOf(state, did);
  return entity.startsWith(ORG) ? entity.slice(ORG.length) : null;
}

/** Who offers which skill, as far as a node knows: its own agents, those attached to it, and those that its peers tell of. */
export class KnownOffers {
  readonly #agents: Pick<AgentDesk, 'search' | 'sessionOf'>;
  #found: readonly FoundAgent[] = [];
  #askedAt = Number.NEGATIVE_INFINITY;
  /** The first answer: before it nothing is known, and nothing may be said of who lacks. */
  #first: Promise<readonly FoundAgent[]> | null = null;

  constructor(agents: Pick<AgentDesk, 'search' | 'sessionOf'>) {
    this.#agents = agents;
  }

  /** What agents said of themselves lately. */
  async found(): Promise<readonly FoundAgent[]> {
    const now = performance.now();
    if (now - this.#askedAt > FRESH_MS) {
      this.#askedAt = now;
      const asked = this.#agents.search('');
      this.#first ??= asked;
      this.#found = await asked;
    }
    // That it failed is told to who asked.
    await this.#first?.catch(() => undefined);
    return this.#found;
  }

  /** What an agent called itself when agents were last asked for; null: it was not among them. */
  nameOf(did: Did): string | null {
    return this.#found.find((agent) => agent.did === did)?.name ?? null;
  }

  /** Offers of a skill, and every skill that is offered. */
  of(
    skill: string,
    { own, found, state }: { own: readonly AgentEntry[]; found: readonly FoundAgent[]; state: State },
  ): { readonly offers: readonly KnownOffer[]; readonly skills: readonly string[] } {
    const told = found.flatMap((agent) =>
      agent.skills.filter(({ executes }) => executes).map((one) => ({ agent, one })),
    );
    const listed = new Set(found.map(({ did }) => did));
    const workers = own.filter(({ execute, did }) => execute !== null && !listed.has(did));
    const fromPeers = told
      .filter(({ one }) => one.id === skill)
      .map(({ agent: { did, name, org, free }, one }): KnownOffer => {
        return { did, agent: name, org, price: one.price, free, presence: this.#presenceOf(name, own, did) };
      });
    const fromHere = workers
      .filter(({ skills }) => skills.includes(skill))
      .map(({ did, name, execute }): KnownOffer => {
        const presence = agentOfEngine(execute) === null ? 'here' : this.#presenceOf(name, own, did);
        return { did, agent: name, org: orgOf(state, did), price: null, free: freeBalance(state, did), presence };
      });
    const skills = new Set([...told.map(({ one }) => one.id), ...workers.flatMap((worker) => worker.skills)]);
    return { offers: [...fromPeers, ...fromHere], skills: [...skills] };
  }

  /** Whether the process of an agent is there; of agents of other nodes it is known that they were told of just now. */
  #presenceOf(name: string, own: readonly AgentEntry[], did: Did): KnownOffer['presence'] {
    if (!own.some((agent) => agent.did === did)) return 'here';
    const session = this.#agents.sessionOf(name);
    if (session === null) return 'away';
    return session.isFull ? 'busy' : 'here';
  }
}
