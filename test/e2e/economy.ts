import { checkInvariants, type KernelEvent, type State } from '@canswarm/kernel';
import type { ExecuteOutcome, SkillModule } from '@canswarm/ports';
import type { CommitId, Did, NeedId } from '@canswarm/protocol';
import { createWorld, publishQuoteTask, quoteCast, quoteNeed, quoteSkill, type World } from '@canswarm/simulator';
import { type CastMember, CREDIT } from 'canswarm';
import type { Report, Suite } from './suite.ts';

const VERIFIERS = 50;
const ORGS = 12;
const REGIONS = ['eu', 'us', 'ap', 'sa'] as const;
/** A need is posted every so many ms of virtual time. */
const EVERY_MS = 40;
const LIMIT_MS = 600_000;
/** Invariants of the whole state are checked after so many entries. */
const CHECK_EVERY = 200;

interface Size {
  readonly needs: number;
  /** One result in so many is made wrong on purpose. */
  readonly wrongEvery: number;
}

/**
 * Fifty verifiers of twelve organisations judge the work of workers of whom some results are made wrong on purpose: half of those the
 * seats see for themselves, the other half they pass without looking, and a bystander challenges them.
 */
export const economy: Suite = {
  name: 'economy',
  run: (size, report) =>
    run(size === 'full' ? { needs: 1_000, wrongEvery: 100 } : { needs: 60, wrongEvery: 6 }, report),
};

/** What was made wrong on purpose. */
class Plants {
  readonly #wrongEvery: number;
  /** CIDs of wrong outputs. */
  readonly outputs = new Set<string>();
  readonly #byNeed = new Map<NeedId, number>();

  constructor(wrongEvery: number) {
    this.#wrongEvery = wrongEvery;
  }

  /** Which need of the run this is, from 0. */
  note(need: NeedId): void {
    this.#byNeed.set(need, this.#byNeed.size);
  }

  isWrong(need: NeedId, attempt: number): boolean {
    return attempt === 1 && (this.#byNeed.get(need) ?? 0) % this.#wrongEvery === this.#wrongEvery - 1;
  }

  /** Whether the seats pass it without looking. */
  isPassedOver(need: NeedId, attempt: number): boolean {
    const turn = Math.floor((this.#byNeed.get(need) ?? 0) / this.#wrongEvery);
    return this.isWrong(need, attempt) && turn % 2 === 1;
  }
}

/** Honest workers and seats, but for what is planted. */
function skillsWith(plants: Plants): SkillModule {
  return {
    async skill(engine) {
      const [own, liar] = [await quoteSkill.skill(engine), await quoteSkill.skill('liar')];
      const { execute, evaluate } = own;
      return {
        ...own,
        ...(execute === undefined || liar.execute === undefined
          ? {}
          : {
              async execute(task, context): Promise<ExecuteOutcome> {
                if (!plants.isWrong(task.need, task.attempt)) return execute(task, context);
                const made = await liar.execute?.(task, context);
                if (made === undefined) throw new Error('a liar works');
                for (const { cid } of made.outputs) plants.outputs.add(cid);
                return made;
              },
            }),
        ...(evaluate === undefined
          ? {}
          : {
              evaluate: async (subject, context) =>
                plants.isPassedOver(subject.task.need, subject.task.attempt)
                  ? { verdict: 'pass', reasons: [] }
                  : evaluate(subject, context),
            }),
      };
    },
  };
}

/** The usual cast with fifty verifiers of twelve organisations. */
function castOfFifty(): readonly CastMember[] {
  const cast = quoteCast({ stake: 10_000 * CREDIT, free: 100_000 * CREDIT });
  const [first] = cast;
  if (first === undefined) throw new Error('a cast begins with verifiers');
  const verifiers = Array.from({ length: VERIFIERS }, (_, index): CastMember => {
    const org = index % ORGS;
    return {
      ...first,
      name: `verifier-${index + 1}`,
      org: `verifier-org-${org + 1}`,
      asn: 64_512 + org,
      region: REGIONS[org % REGIONS.length] ?? 'eu',
    };
  });
  return [...verifiers, ...cast.filter(({ verifier }) => !verifier)];
}

/** What became of the results. */
class Ledger {
  readonly finalized = new Set<CommitId>();
  /** Results that were failed by their seats, or overturned by a challenge. */
  readonly failed = new Set<CommitId>();
  readonly overturned = new Set<CommitId>();
  readonly wrong = new Set<CommitId>();
  readonly honest = new Set<CommitId>();
  settled = 0;
  burned = 0;
  /** Of what was burned, what log space cost: senders, and needs for their duties. */
  readonly logFees = { senders: 0, needs: 0 };

  take(events: readonly KernelEvent[]): void {
    for (const event of events) {
      if (event.type === 'need_settled') this.settled += 1;
      else if (event.type === 'finalized') this.finalized.add(event.commit);
      else if (event.type === 'certified' && event.verdict === 'fail') this.failed.add(event.commit);
      else if (event.type === 'challenge_judged' && event.upheld) this.overturned.add(event.subject as CommitId);
      else if (event.type === 'posting' && event.credit === 'burn') {
        this.burned += event.amount;
        if (event.code === 'log_fee')
          this.logFees[event.debit.startsWith('escrow/') ? 'needs' : 'senders'] += event.amount;
      }
    }
  }
}

async function run({ needs, wrongEvery }: Size, report: Report): Promise<void> {
  const plants = new Plants(wrongEvery);
  const world = createWorld({
    seed: 'economy',
    cast: castOfFifty(),
    module: skillsWith(plants),
    hosts: 1,
    gatherMs: 40,
  });
  const { network, clock, content, crypto } = world;
  const { node, did: requester } = network.person('requester');
  const before = wealthOf(world, node.state);
  const seen = new Ledger();
  const faults: string[] = [];
  let entries = 0;
  node.listen({
    onApplied({ events, entry }) {
      const { payload, id } = entry.envelope;
      if (payload.verb === 'COMMIT') {
        const isWrong = payload.body.outputs.some(({ cid }) => plants.outputs.has(cid));
        seen[isWrong ? 'wrong' : 'honest'].add(id as unknown as CommitId);
      }
      seen.take(events);
      entries += 1;
      if (entries % CHECK_EVERY === 0)
        faults.push(...checkInvariants(node.state).map(({ id: name, detail }) => `${name} ${detail}`));
    },
  });
  network.start();
  const started = performance.now();
  const task = await clock.settled(
    publishQuoteTask('What stands here stands here, word for word.', content, crypto.sha256),
  );
  let posted = 0;
  const post = (): void => {
    if (posted === needs) return;
    void node.postNeed(requester, quoteNeed(task, { goal: `quote ${posted}` })).then((need) => plants.note(need));
    posted += 1;
    clock.schedule(EVERY_MS, post);
  };
  clock.schedule(1, post);
  const { end } = await clock.runUntil(() => seen.settled === needs, { untilMs: clock.now() + LIMIT_MS });
  const after = wealthOf(world, node.state);
  faults.push(...checkInvariants(node.state).map(({ id, detail }) => `${id} ${detail}`));
  judge(report, { seen, needs, faults, end });
  tell(report, before, after);
  report.metric('entries', entries);
  report.metric('seconds', (performance.now() - started) / 1_000);
}

interface Seen {
  readonly seen: Ledger;
  readonly needs: number;
  readonly faults: readonly string[];
  readonly end: string;
}

function judge(report: Report, { seen, needs, faults, end }: Seen): void {
  const { finalized, failed, overturned, wrong, honest } = seen;
  const invalid = new Set([...failed, ...overturned]);
  const escaped = [...wrong].filter((commit) => !invalid.has(commit) || finalized.has(commit));
  const hurt = [...honest].filter((commit) => invalid.has(commit));
  report.check('every need ends', end === 'done', `${seen.settled} of ${needs}`);
  report.check('every need is met', finalized.size === needs, `${finalized.size} of ${needs}`);
  report.check('something was wrong', wrong.size > 0);
  report.check('every wrong result is invalidated', escaped.length === 0, escaped.join());
  report.check(
    'some by their seats',
    [...wrong].some((commit) => failed.has(commit)),
  );
  report.check(
    'some by a challenge',
    [...wrong].some((commit) => overturned.has(commit)),
  );
  report.check('no honest result is', hurt.length === 0, hurt.join());
  report.check('log space is paid', seen.logFees.senders > 0 && seen.logFees.needs > 0);
  report.check('no invariant breaks', faults.length === 0, faults.slice(0, 3).join('; '));
  report.metric('needs', needs);
  report.metric('final', finalized.size);
  report.metric('wrong', wrong.size);
  report.metric('failedBySeats', [...wrong].filter((commit) => failed.has(commit)).length);
  report.metric('overturned', [...wrong].filter((commit) => overturned.has(commit)).length);
  report.metric('honestInvalidated', hurt.length);
  report.metric('logFees.senders', seen.logFees.senders / CREDIT);
  report.metric('logFees.needs', seen.logFees.needs / CREDIT);
}

/** Accounts that nobody owns and that are no part of what is open. */
const OF_NOBODY: ReadonlySet<string> = new Set(['burn', 'mint', 'fund/trials', 'fund/plants']);

/** What each organisation of verifiers and each other member owns, what is locked up, and what was burned. */
function wealthOf({ network }: World, state: State): ReadonlyMap<string, number> {
  const owners = new Map<Did, string>();
  for (const { did, member } of network.people)
    owners.set(did, member.verifier ? (member.org ?? member.name) : member.name);
  const wealth = new Map<string, number>();
  for (const [account, balance] of state.accounts) {
    const did = account.slice(account.lastIndexOf('/') + 1) as Did;
    const owner = owners.get(did) ?? (OF_NOBODY.has(account) ? account : 'locked');
    wealth.set(owner, (wealth.get(owner) ?? 0) + balance);
  }
  return wealth;
}

/** Prints who gained and who lost; figures are by kind of member. */
function tell(report: Report, before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): void {
  const changes = new Map<string, number>();
  let sum = 0;
  const row = (owner: string, change: number): void =>
    report.say(`  ${owner.padEnd(20)}${(change / CREDIT).toFixed(6).padStart(16)}`);
  report.say(`  ${'who'.padEnd(20)}${'gained, credits'.padStart(16)}`);
  for (const owner of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const change = (after.get(owner) ?? 0) - (before.get(owner) ?? 0);
    sum += change;
    row(owner, change);
    const kind = /^(verifier|worker)/.exec(owner)?.[0];
    const group = kind === undefined ? owner : `${kind}s`;
    changes.set(group, (changes.get(group) ?? 0) + change);
  }
  row('sum', sum);
  for (const [group, change] of changes) report.metric(`change.${group}`, change / CREDIT);
  report.metric('change.sum', sum / CREDIT);
  report.check('gains and losses sum to zero', sum === 0, `${sum}`);
}
