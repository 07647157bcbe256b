import type { VerifiedEntry } from '@canswarm/protocol';
import { who } from '../../support/story.ts';
import type { World } from '../../world.ts';

/** Short names for what a history is about, in the order in which it appears. */
class Names {
  readonly #known = new Map<string, string>();

  constructor({ entries, applied }: World) {
    for (const [index, { envelope }] of entries.entries()) {
      if (applied[index]?.outcome.accepted !== true) continue;
      const { verb } = envelope.payload;
      const same = [...this.#known.values()].filter((name) => name.startsWith(`${verb} `)).length;
      this.#known.set(envelope.id, `${verb} ${same + 1}`);
    }
  }

  /** A body with names for ids and keys, and the beginning of what is long. */
  tell(body: object): string {
    const text = JSON.stringify(body, (_key, value: unknown) => {
      if (value instanceof Uint8Array) return `${Buffer.from(value.subarray(0, 3)).toString('hex')}…`;
      return typeof value === 'string' ? this.#name(value) : value;
    });
    return text.replaceAll('"', '').slice(1, -1);
  }

  #name(value: string): string {
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    if (value.startsWith('did:key:')) return who(value as never).name;
    return value.length > 24 ? value.slice(-6) : value;
  }

  evidence({ evidence }: VerifiedEntry): string {
    const said = evidence.envelopes.map(({ payload }) => `${who(payload.from).name} ${payload.verb}`);
    const blocks = evidence.blocks.size > 0 ? [`${evidence.blocks.size} blocks`] : [];
    const all = [...said, ...blocks];
    return all.length === 0 ? '' : ` with ${all.join(', ')}`;
  }
}

/** The entries of a world in plain words, one a line: who said what, when, and what the law made of it. */
export function tell(world: World): readonly string[] {
  const names = new Names(world);
  return world.entries.map((entry, index) => {
    const { from, verb, body, time } = entry.envelope.payload;
    const outcome = world.applied[index]?.outcome;
    const came = outcome?.accepted === true ? 'accepted' : `refused: ${outcome?.code ?? 'the law stopped'}`;
    const at = time - world.genesis.time;
    return `${index + 1}. at ${at} ms ${who(from).name} ${verb} ${names.tell(body)}${names.evidence(entry)} -> ${came}`;
  });
}
