import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { conformDigest, plantMark, policyPieces } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { REJECTION_CODES } from '../../src/context.ts';
import { CHECKERS } from '../../src/invariants.ts';
import { votingStakes } from '../../src/rules/restart.ts';
import { accuse, falseDigest, lay, missingCitation, schemaViolation } from '../support/accusation.ts';
import { Hearing } from '../support/dispute.ts';
import { LYING } from '../support/documents.ts';
import { agent, sha256 } from '../support/keys.ts';
import { tinyEngine, tinyPolicy } from '../support/policies.ts';
import { restarting } from '../support/restart.ts';
import { DIVISION, SALT, Story, sealed } from '../support/story.ts';
import { ADA, AUTHORITY, BOB, BYSTANDER, CREDIT, CYD, DAN, REQUESTER, verifiersOf, World } from '../world.ts';

const PACKAGE = join(import.meta.dirname, '../..');
const SPEC = join(PACKAGE, '../../spec');

function textsUnder(folder: string, ending: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(ending));
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

const sources = textsUnder(join(PACKAGE, 'src'), '.ts');
const documents = textsUnder(SPEC, '.md');
const tests = [...textsUnder(join(PACKAGE, 'test'), '.ts')].filter(([name]) => !name.includes('traceability'));
/** Without the model and its checks: that they know a code tests no rule. */
const scenes = tests.filter(([name]) => !name.startsWith('property/')).map(([, text]) => text);
const spec = [...documents.values()].join('\n');
const tested = tests.map(([, text]) => text).join('\n');
const code = [...sources.values()].join('\n');

/** Members of each event after `type`, as `events.ts` declares them. */
const declared = new Map(
  [...(sources.get('events.ts') ?? '').matchAll(/\{ type: '(\w+)'; ([^}]*) \}/g)].map(([, type = '', members = '']) => [
    type,
    [...members.matchAll(/(\w+): /g)].map(([, name]) => name ?? ''),
  ]),
);
const kinds = /type TimerKind =([^;]*);/.exec(sources.get('timers.ts') ?? '')?.[1] ?? '';
const quoted = (text: string): readonly string[] => [...text.matchAll(/'(\w+)'/g)].map(([, name]) => name ?? '');
const transfers = quoted(/type TransferCode =([^;]*);/.exec(sources.get('ledger.ts') ?? '')?.[1] ?? '');
const invariants = new Set([...code.matchAll(/'(INV-[A-Z-]+)'/g)].map(([, id]) => id ?? ''));

const lacking = (names: Iterable<string>, text: string, as: (name: string) => string): readonly string[] =>
  [...names].filter((name) => !text.includes(as(name)));
const asCode = (name: string): string => `\`${name}\``;

describe('every name of the law', () => {
  it('is found at all', () => {
    expect(REJECTION_CODES.length).toBeGreaterThan(50);
    expect(declared.size).toBeGreaterThan(30);
    expect(transfers.length).toBeGreaterThan(20);
    expect(quoted(kinds).length).toBe(13);
    expect(invariants.size).toBeGreaterThan(12);
  });

  it('is given by a rule: rejection codes', () => {
    const rules = [...sources]
      .filter(([name]) => name !== 'context.ts')
      .map(([, text]) => text)
      .join('\n');
    expect(lacking(REJECTION_CODES, rules, (name) => `'${name}'`)).toEqual([]);
  });

  it('is in the spec: codes, events, transfers, timers, invariants', () => {
    expect(lacking(REJECTION_CODES, spec, asCode)).toEqual([]);
    expect(lacking(declared.keys(), spec, asCode)).toEqual([]);
    expect(lacking(transfers, spec, asCode)).toEqual([]);
    expect(lacking(quoted(kinds), spec, (kind) => `\`${kind}:`)).toEqual([]);
    expect(lacking(invariants, spec, (id) => `| ${id} `)).toEqual([]);
  });

  it('is in a test: codes, events, invariants', () => {
    expect(lacking(REJECTION_CODES, scenes.join('\n'), (name) => `'${name}'`)).toEqual([]);
    expect([...declared.keys()].filter((name) => !new RegExp(`\\b${name}\\b`).test(tested))).toEqual([]);
    expect(lacking(invariants, tested, (id) => `'${id}'`)).toEqual([]);
  });

  it('holds in the way that the spec says: invariants', () => {
    const rows = (documents.get('09-invariants.md') ?? '').split('\n');
    const said = [...invariants].map((id) => [
      id,
      rows
        .find((row) => row.startsWith(`| ${id} `))
        ?.split('|')[3]
        ?.trim(),
    ]);
    const held = [...invariants].map((id) => {
      const asserted = new RegExp(`invariant\\(\\s*'${id}'`).test(code);
      return [id, [...(id in CHECKERS ? ['checked'] : []), ...(asserted ? ['asserted'] : [])].join(', ')];
    });
    expect(said).toEqual(held);
  });

  it('has no stranger in the spec: codes and events', () => {
    const kernel = documents.get('03-kernel.md') ?? '';
    const rows = (heading: string): readonly string[] => {
      const section = kernel.split(/^## \d+ /m).find((part) => part.startsWith(heading)) ?? '';
      return [...section.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name ?? '');
    };
    expect(rows('Rejection codes')).toEqual([...REJECTION_CODES]);
    expect([...rows('Events')].sort()).toEqual([...declared.keys()].sort());
  });

  it('leads somewhere: documents that comments name are there', () => {
    const named = new Set([...code.matchAll(/spec\/([\w-]+\.md)/g)].map(([, name]) => name ?? ''));
    expect([...named].filter((name) => !documents.has(name))).toEqual([]);
  });
});

/** Hires ADA in a sealed auction, at a cap that was sealed. */
function hireSealed(world: World): void {
  const story = new Story(world, sealed(CREDIT)).toPlanVotes();
  const [bid, seal] = story.sealedBid(ADA, CREDIT);
  story.decide([...story.planVotes([bid]), bid, seal, story.openCap(CREDIT)]);
}

/** Seats choose ADA without the log, which has BOB. */
function playHeal(world: World): void {
  const story = new Story(world).toPlanVotes();
  const lost = story.bid(ADA, CREDIT);
  const votes = story.planVotes([lost]);
  const alternate = world.gossip(ADA, 'ALTERNATE', { need: story.id, bid: lost.id, outputs: [LYING] });
  const bid = story.bid(BOB, CREDIT);
  story.decide([...story.planVotes([bid]), bid]);
  const body = { need: story.id, merged: bid.id, orphaned: [lost.id], salvaged: [alternate.id] };
  world.accept(BYSTANDER, 'RECONCILE', body, { envelopes: [...votes, lost, alternate] });
}

/** The log begins another life while somebody works. */
function playLife(world: World): void {
  const story = new Story(world).hire([ADA]);
  const { body, evidence } = restarting(
    world,
    world.verifiers.map(({ who }) => who).filter(({ did }) => votingStakes(world.state).has(did)),
  );
  world.accept(BYSTANDER, 'RESTART', body, evidence);
  story.deliver().judge('pass').settle();
}

/** A need without a verdict, and one that was a plant, to their ends. */
function playOthers(world: World): void {
  new Story(world, { tier: 6 }).hire([ADA]).deliver().judge('undecidable').settle();
  const mark = plantMark({ requester: REQUESTER.did, worker: ADA.did, salt: SALT }, sha256);
  const planted = new Story(world, { mark }).hire([ADA]).deliver().judge('fail');
  world.accept(ADA, 'PLANT', { need: planted.id, salt: SALT });
  planted.settle();
  playHeal(world);
  playLife(world);
  playDivergence(world);
}

/** A seat names a digest where there is no policy, and answers for nothing. */
function playDivergence(world: World): void {
  const story = new Story(world).toPlanVotes();
  const [seat = ADA] = story.seats(story.plan);
  const vote = story.planVote(seat, null, [], { policyDigest: SALT });
  world.accept(BYSTANDER, 'SUSPEND', { member: seat.did, vote: vote.id }, { envelopes: [vote] });
  const digest = conformDigest({ did: seat.did, capsule: null, decisions: [] }, sha256);
  world.accept(seat, 'CONFORM', { capsule: null, pieces: [], digest });
}

/** A world with an epoch of another policy. */
function governed(): World {
  const world = new World({ load: tinyEngine().load });
  const { body, blocks } = policyPieces(tinyPolicy({}), sha256);
  world.accept(AUTHORITY, 'POLICY', body, { blocks });
  return world;
}

describe('events', () => {
  it('have their members in the order of code and spec, since the digest covers them', () => {
    const table = documents.get('03-kernel.md') ?? '';
    for (const [type, members] of declared) {
      expect(table).toContain(`| \`${type}\``);
      const row = table.split('\n').find((line) => line.startsWith(`| \`${type}\``)) ?? '';
      expect([type, row.split('|')[2]?.trim()]).toEqual([type, `\`${members.join(', ')}\``]);
    }
  });

  it('are written in that order by every rule', () => {
    const seen = new Set<string>();
    const look = (world: World): void => {
      for (const { events } of world.applied) {
        for (const event of events) {
          seen.add(event.type);
          expect(Object.keys(event)).toEqual(['type', ...(declared.get(event.type) ?? [])]);
        }
      }
    };
    const world = new World({ params: { reputationPeriodMs: 60_000 } });
    new Story(world).hire([ADA]).deliver().judge('pass').settle();
    const story = new Story(world).hire([ADA, BOB]).deliver(LYING).judge('pass');
    lay(world, BOB, story.commit.id, schemaViolation(story));
    accuse(world, BYSTANDER, story.commit.id, missingCitation(story));
    world.accept(BOB, 'RENEW', { ...story.held(), progress: null });
    story.deliver().toJudging();
    const votes = story.votes('pass');
    story.certify(votes);
    const [vote] = votes;
    if (vote !== undefined) accuse(world, BYSTANDER, story.commit.id, falseDigest(story, vote, 0));
    lay(world, BYSTANDER, story.commit.id, { ...schemaViolation(story), salt: 'left' });
    story.settle();
    playOthers(world);
    world.accept(BYSTANDER, 'JOIN', { tip: new Uint8Array(32), length: 1, credential: null });
    const [{ who } = { who: ADA }] = world.verifiers;
    const delegation = { delegator: who.did, delegate: agent('v1').did, amount: CREDIT };
    world.accept(agent('v1'), 'DELEGATE', delegation);
    world.accept(who, 'DELEGATE', delegation);
    world.accept(who, 'UNBOND', { delegate: null, amount: 1 });
    world.accept(who, 'LEAVE', {});
    world.accept(ADA, 'ESCROW', { to: BOB.did, amount: 1, periodMs: 1, create: false });
    world.tickUntil(() => world.state.escrows.size === 0 && world.events('unbonding_over').length > 0, 250);
    world.tickUntil(() => world.events('reputation_decayed').length > 0, 5000);
    hireSealed(world);
    const divided = new Story(world, { plan: DIVISION }).toPlanVotes();
    const tasks = (worker: typeof ADA, after: readonly string[]) => [
      { task: 'find', worker, price: 5 },
      { task: 'sort', worker: null, price: 5, after },
      { task: 'main', worker: BOB, price: 5, after: ['find', 'sort'] },
    ];
    divided.divide([
      divided.dividedBid(BYSTANDER, tasks(ADA, ['find'])),
      divided.dividedBid(CYD, tasks(DAN, []), { share: CREDIT }),
    ]);
    divided.task('find').deliver().judge('pass').toWindowEnd().finalize();
    divided.settle();
    look(world);
    const quiet = new World({ verifiers: verifiersOf(9, 9), params: { silencesPerEpoch: 2 } });
    new Story(quiet).toPlanVotes();
    new Story(quiet).hire([ADA]);
    quiet.tickUntil(() => quiet.state.needs.size === 0, 250);
    look(quiet);
    const disputed = new World({ verifiers: verifiersOf(20, 20), arbiters: [BYSTANDER] });
    const hearing = new Hearing(new Story(disputed).hire([ADA]).deliver().judge('pass'), BOB).rule('dismiss');
    hearing.appeal(BOB);
    disputed.tickUntil(() => hearing.over, 250);
    look(disputed);
    const few = { bootstrapVerifiers: 7, bootstrapMs: 100 };
    const young = new World({
      verifiers: verifiersOf(7, 7).map((one) => ({ ...one, stake: one.stake - 1000 * CREDIT })),
      params: few,
    });
    for (const one of young.verifiers.slice(0, 3)) young.accept(one.who, 'STAKE', { amount: CREDIT });
    new Story(young).toPlanVotes();
    for (const one of young.verifiers.slice(3)) young.accept(one.who, 'STAKE', { amount: CREDIT });
    young.tickUntil(() => young.state.bootstrap === null);
    for (const world of [young, governed()]) look(world);
    expect([...seen].sort()).toEqual([...declared.keys()].sort());
  });
});
