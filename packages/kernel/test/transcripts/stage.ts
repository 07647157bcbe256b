import type { RawParams, VerifiedEnvelope } from '@canswarm/protocol';
import type { Hearing } from '../support/dispute.ts';
import { type Agent, agent } from '../support/keys.ts';
import type { Story } from '../support/story.ts';
import { LOG_FEES, verifiersOf, World, type WorldOptions } from '../world.ts';
import type { CommandLine } from './script.ts';
import { Trace } from './trace.ts';

const CREDIT = 1_000_000;
/** Log space costs the same whatever the entry: no amount of a transcript follows from how many bytes something has. */
const FEES: Partial<RawParams> = { ...LOG_FEES, logFeePerByte: 0 };

/** Amounts are said in credits. */
export function micro(text: string): number {
  const value = Math.round(Number(text) * CREDIT);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`no amount: ${text}`);
  return value;
}

/** `200ms`, `5s`, `2m`, `3h`, `2d` as milliseconds. */
export function period(text: string): number {
  const [, number = '', unit = ''] = /^(\d+)(ms|s|m|h|d)$/.exec(text) ?? [];
  const sizes: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  if (number === '') throw new Error(`no period: ${text}`);
  return Number(number) * (sizes[unit] ?? 1);
}

/** What a story of the stage has been shown so far. */
export interface Scene {
  readonly story: Story;
  /** Bids by who made them, with what else must be shown with each. */
  readonly bids: Map<string, { readonly bid: VerifiedEnvelope; readonly shown: readonly VerifiedEnvelope[] }>;
  /** What opens a sealed cap. */
  cap: VerifiedEnvelope | null;
  hearing: Hearing | null;
  /** What seats chose without the log, and what was made by it. */
  readonly lost: {
    readonly votes: readonly VerifiedEnvelope[];
    readonly bid: VerifiedEnvelope;
    readonly alternate: VerifiedEnvelope;
  }[];
}

/** A world that commands act on, made by the first of them. */
export class Stage {
  readonly #own: Partial<WorldOptions>;
  #world: World | null = null;
  #trace: Trace | null = null;
  readonly #scenes = new Map<string, Scene>();
  readonly #said: string[] = [];
  #present = '';

  /** `own`: what its world has otherwise than a script says, such as signatures that are made and verified. */
  constructor(own: Partial<WorldOptions> = {}) {
    this.#own = own;
  }

  get world(): World {
    this.#world ??= new World({ params: FEES, ...this.#own });
    return this.#world;
  }

  get trace(): Trace {
    this.#trace ??= new Trace(this.world);
    return this.#trace;
  }

  /** Lines about what was applied, and what commands said, since this was asked for last. */
  told(): readonly string[] {
    return [...this.trace.lines(), ...this.#said.splice(0)];
  }

  say(line: string): void {
    this.#said.push(line);
  }

  make({ options }: CommandLine): void {
    if (this.#world !== null) throw new Error('a world is made first, and once');
    const own = [...options].filter(([name]) => name.startsWith('params.'));
    const params = { ...FEES, ...Object.fromEntries(own.map(([name, value]) => [name.slice(7), Number(value)])) };
    const listed = (name: string): readonly string[] => options.get(name)?.split(',') ?? [];
    const world: WorldOptions = {
      ...this.#own,
      params,
      verifiers: verifiersOf(
        Number(options.get('verifiers') ?? 16),
        Number(options.get('orgs') ?? 12),
        micro(options.get('stake') ?? '1000'),
      ),
      arbiters: listed('arbiters').map(agent),
      others: listed('others').map((one) => {
        const [name = '', org = '', free = '0'] = one.split(':');
        return { who: agent(name), org: org === '' ? null : org, free: micro(free) };
      }),
    };
    this.#world = new World(world);
  }

  /** Begins the story of a need that was posted; the commands after it are about it. */
  begin(name: string, story: Story): void {
    this.#scenes.set(name, { story, bids: new Map(), cap: null, hearing: null, lost: [] });
    this.#present = name;
  }

  /** The story that a command names with `need=`, else the one that was spoken of last. */
  scene({ options }: CommandLine): Scene {
    const name = options.get('need') ?? this.#present;
    const known = this.#scenes.get(name);
    if (known !== undefined) {
      this.#present = name;
      return known;
    }
    // A task of a plan: `need=NEED/TASK`.
    const [parent = '', task = ''] = name.split('/');
    const root = this.#scenes.get(parent);
    if (root === undefined || task === '') throw new Error(`no need ${name} was posted`);
    this.begin(name, root.story.task(task));
    return this.scene({ name: '', words: [], options: new Map([['need', name]]) });
  }

  key(name: string | undefined): Agent {
    if (name === undefined) throw new Error('a key must be named');
    return agent(name);
  }
}
