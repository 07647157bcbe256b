import {
  type ArtifactRef,
  type Block,
  type Cid,
  type CidCodec,
  cidOf,
  codecOf,
  type DagMap,
  type DagValue,
  encodeCbor,
  linkOf,
  utf8,
} from '@canswarm/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accuse, falseDigest } from '../support/accusation.ts';
import { sha256 } from '../support/keys.ts';
import { inGenesis, tinyEngine, tinyPolicy } from '../support/policies.ts';
import { Story } from '../support/story.ts';
import { ADA, BYSTANDER, World } from '../world.ts';

/** Blocks that a hostile requester or worker may have made: each may point at those before it, and say of them what it likes. */
interface Recipe {
  readonly kind: 'tree' | 'record' | 'raw' | 'junk';
  readonly codec: CidCodec;
  readonly level: number;
  readonly entries: readonly {
    readonly key: string;
    readonly to: number;
    readonly leaves: number;
    readonly size: number;
  }[];
}

const size = fc.oneof(fc.nat(40), fc.nat(70_000), fc.maxSafeNat());
const recipe: fc.Arbitrary<Recipe> = fc.record({
  kind: fc.constantFrom('tree', 'tree', 'tree', 'record', 'raw', 'junk'),
  codec: fc.constantFrom('raw', 'dag-cbor', 'dag-cbor', 'dag-pb'),
  level: fc.nat(3),
  entries: fc.array(
    fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'report', '__proto__'),
      to: fc.nat(20),
      leaves: fc.oneof(fc.constant(1), fc.nat(9)),
      size,
    }),
    { minLength: 1, maxLength: 4 },
  ),
});

function valueMade({ kind, level, entries }: Recipe, before: readonly Block[]): DagValue {
  const target = (to: number): Cid =>
    before[to % Math.max(1, before.length)]?.cid ?? cidOf(utf8('nothing'), 'raw', sha256);
  if (kind === 'tree') {
    const sorted = [...new Map(entries.map((entry) => [entry.key, entry])).values()].sort((a, b) =>
      a.key < b.key ? -1 : 1,
    );
    const listed = sorted.map(({ key, to, leaves, size: bytes }) => [
      key,
      linkOf(target(to)),
      Math.max(1, leaves),
      bytes,
    ]);
    return { v: 1, kind: 'tree', level, entries: listed };
  }
  const [first = { key: '', to: 0, leaves: 1, size: 0 }] = entries;
  const quote = 'x'.repeat(first.size % 50);
  const cited: DagMap = {
    input: first.to % 3,
    path: first.key,
    document: linkOf(target(first.to)),
    byteStart: first.size,
    byteEnd: Math.min(Number.MAX_SAFE_INTEGER, first.size + quote.length),
    quote,
    sha256: sha256(utf8(quote)),
    lineStart: 1,
    lineEnd: 1,
  };
  return cited;
}

function build(recipes: readonly Recipe[]): readonly Block[] {
  const blocks: Block[] = [];
  for (const one of recipes) {
    const bytes =
      one.kind === 'junk' || one.kind === 'raw'
        ? utf8(`junk ${one.level} ${one.entries.length}`)
        : encodeCbor(valueMade(one, blocks));
    const codec: CidCodec = one.kind === 'tree' || one.kind === 'record' ? 'dag-cbor' : one.codec;
    const block = { cid: cidOf(bytes, codec, sha256), bytes };
    if (!blocks.some(({ cid }) => cid === block.cid)) blocks.push(block);
  }
  return blocks;
}

const UNDER_A_POLICY = { policy: inGenesis(tinyPolicy({ citing: true })), load: tinyEngine().load };

/** A need over hostile inputs with a hostile result, passed by seats that did not look. */
function passed(blocks: readonly Block[], a: number, b: number): Story {
  const pick = (n: number): ArtifactRef => ({ cid: blocks[n % blocks.length]?.cid ?? blockless, leaves: 1 + (n % 5) });
  const acceptance = blocks.findLast(({ cid }) => codecOf(cid) === 'dag-cbor')?.cid ?? blockless;
  const story = new Story(new World(UNDER_A_POLICY), { inputs: [pick(a), pick(a + 1)], acceptance }).hire([ADA]);
  story.deliver(pick(b)).toJudging();
  return story;
}

const blockless = cidOf(utf8('blockless'), 'dag-cbor', sha256);

describe('proofs over artifacts made to break the judge', () => {
  it('are judged one way or the other', () => {
    fc.assert(
      fc.property(
        fc.array(recipe, { minLength: 3, maxLength: 12 }),
        fc.nat(20),
        fc.nat(20),
        fc.constantFrom('a', 'b', 'report', '', '__proto__', 'constructor'),
        (recipes, a, b, key) => {
          const blocks = build(recipes);
          const story = passed(blocks, a, b);
          const { world } = story;
          const votes = story.votes('pass');
          story.certify(votes);
          const { id } = story.commit;
          const claim = { output: 0, key, step: 0 };
          const judged = ['schema_violation', 'missing_citation', 'policy_violation'].map((kind) => {
            if (!world.state.commits.has(id)) return true;
            const accusation = { class: kind as 'schema_violation', claim, blocks };
            return accuse(world, BYSTANDER, id, accusation).upheld;
          });
          expect(judged).toHaveLength(3);
          const [vote] = votes;
          if (vote === undefined || !world.state.commits.has(id)) return;
          for (const step of [0, 7, 15]) {
            if (story.seatOf(story.jury, vote.payload.from).vote === null) break;
            accuse(world, BYSTANDER, id, { ...falseDigest(story, vote, step), blocks, salt: `${step}` });
          }
        },
      ),
      { numRuns: 150, endOnFailure: true },
    );
  });
});
