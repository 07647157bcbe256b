import type { AppliedEntry, Keep, Node } from '@canswarm/node';
import type { RandomStream } from '@canswarm/ports';
import type { EnvelopeId } from '@canswarm/protocol';
import type { Plan } from '../plan.ts';
import { within } from '../world/draw.ts';
import type { Machine } from '../world/machine.ts';
import type { World } from '../world/world.ts';
import type { Plants } from './plants.ts';
import { needOfKind, quoteNeed, tierOf } from './quote-need.ts';
import { publishQuoteTask } from './quote-skill.ts';

const TEXT = 'What stands here stands here, word for word, and nothing else does.';
/** What is not in the log yet is looked for so often, ms. */
const LOOK_MS = 200;
/** And brought there again after so many looks. */
const REPEAT_LOOKS = 5;
/** Of so many needs one is marked for the planter, if there is one. */
const PLANT_EVERY = 2;

/**
 * Posts the needs of a plan, one after the other, as a client that insists: a machine that is down is waited for, what was signed is brought to the
 * log until it is there, and what the log refuses is said anew.
 */
export class Poster {
  readonly #world: World;
  readonly #plan: Plan;
  readonly #plants: Plants;
  readonly #machine: Machine;
  readonly #stream: RandomStream;
  /** What is on its way. */
  #current: { readonly id: EnvelopeId; readonly entry: Uint8Array } | null = null;
  /** The node that is posting; what it was asked dies with it. */
  #asked: Node | null = null;
  #nextAt = 0;
  #looks = 0;
  #posted = 0;

  constructor(world: World, plan: Plan, plants: Plants) {
    const { did } = world.network.person('requester');
    const machine = [...world.machines.values()].find(({ node }) =>
      node?.identities.some(({ signer }) => signer.did === did),
    );
    if (machine === undefined) throw new Error('the requester has a machine');
    this.#world = world;
    this.#plan = plan;
    this.#plants = plants;
    this.#machine = machine;
    this.#stream = world.random.stream('workload');
  }

  start(): void {
    const { clock } = this.#world;
    clock.schedule(1, () => this.#say());
    const look = (): void => {
      if (this.done()) return;
      this.#looks += 1;
      if (this.#current === null) this.#say();
      else if (this.#looks % REPEAT_LOOKS === 0) this.#machine.node?.repeat(this.#current.entry);
      clock.schedule(LOOK_MS, look);
    };
    clock.schedule(LOOK_MS, look);
  }

  /** Whether all needs are in the log. */
  done(): boolean {
    return this.#posted === this.#plan.needs;
  }

  /** Is told of each entry of the log, once. */
  onEntry({ entry, outcome }: AppliedEntry): void {
    if (entry.envelope.id !== this.#current?.id) return;
    const { clock } = this.#world;
    this.#current = null;
    this.#asked = null;
    if (outcome.accepted) this.#posted += 1;
    const waitMs = outcome.accepted ? within(this.#stream, this.#plan.everyMs) : 0;
    this.#nextAt = clock.now() + waitMs;
    clock.schedule(waitMs, () => this.#say());
  }

  /** Posts the next need, if it is time and no node does. */
  #say(): void {
    const { node } = this.#machine;
    const isAsked = this.#asked !== null && this.#asked === node;
    if (node === null || isAsked || this.#current !== null || this.done()) return;
    if (this.#world.clock.now() < this.#nextAt) return;
    this.#asked = node;
    this.#ask(node).catch(() => {
      if (this.#asked === node) this.#asked = null;
    });
  }

  async #ask(node: Node): Promise<void> {
    const { content, crypto, network } = this.#world;
    // Which kind is first differs by seed, so that runs of few needs have all kinds between them.
    const { kinds, seed } = this.#plan;
    const kind = kinds[(this.#posted + seed) % kinds.length] ?? 'plain';
    const task = await publishQuoteTask(TEXT, content, crypto.sha256, tierOf(kind));
    const { body, mostPaid } = needOfKind(kind, task);
    const { mark } = this.#plants;
    const isPlant = mark !== null && kind !== 'divided' && this.#posted % PLANT_EVERY === 0;
    const need = quoteNeed(task, { goal: `quote ${this.#posted}`, ...body, ...(isPlant ? { mark } : {}) });
    const keep: Keep = (id, entry) => {
      this.#current = { id, entry };
      return [];
    };
    await node.postNeed(network.person('requester').did, need, keep, mostPaid);
  }
}
