import { type NeedBody, plantMark } from '@canswarm/protocol';
import { taskName } from '../../../src/plan/tasks.ts';
import { LYING, TRUTHFUL, UNFIT } from '../../support/documents.ts';
import { sha256 } from '../../support/keys.ts';
import { DIVISION, needBody, SALT, Story, sealed, type TaskDraft, who } from '../../support/story.ts';
import type { CommandLine } from '../script.ts';
import { micro, period, type Stage } from '../stage.ts';
import type { Command } from './command.ts';

/** `post NAME [by=KEY] [price=N] [seatFee=N] [auction=sealed] [cap=N] [trial=funded] [plan=yes] [deadline=5s] [class=C] [tier=N] [plant=WORKER]` */
const post: Command = (stage, { words: [name = 'need'], options }) => {
  const by = stage.key(options.get('by') ?? 'requester');
  const [price, fee, trial, deadline, cap] = ['price', 'seatFee', 'trial', 'deadline', 'cap'].map((one) =>
    options.get(one),
  );
  const own: Partial<NeedBody> = {
    ...(price === undefined ? {} : { priceCap: micro(price) }),
    ...(fee === undefined ? {} : { seatFee: micro(fee) }),
    ...(trial === undefined ? {} : { trial: trial as NeedBody['trial'] }),
    ...(deadline === undefined ? {} : { deadlineMs: period(deadline) }),
    ...(options.get('plan') === 'yes' ? { plan: DIVISION } : {}),
    ...(options.get('auction') === 'sealed' ? sealed(cap === undefined ? null : micro(cap), by) : {}),
    ...(options.has('tier') ? { tier: Number(options.get('tier')) as NeedBody['tier'] } : {}),
    ...(options.has('plant')
      ? { mark: plantMark({ requester: by.did, worker: stage.key(options.get('plant')).did, salt: SALT }, sha256) }
      : {}),
    ...(options.has('class') ? { class: options.get('class') ?? '' } : {}),
    ...(options.get('scoring') === 'reputation' ? { scoring: { priceBps: 3000, etaBps: 0, reputationBps: 7000 } } : {}),
  };
  const { outcome } = stage.world.submit(by, 'NEED', needBody(own));
  const opened = stage.world.events('need_opened').at(-1);
  if (outcome.accepted && opened !== undefined) stage.begin(name, new Story(stage.world, opened.need));
};

/** `bid KEY PRICE [planner=KEY]`: heard by all, shown to the log by `decide`. Sealed where the auction is. */
const bid: Command = (stage, line) => {
  const { story, bids } = stage.scene(line);
  const [name = '', price = ''] = line.words;
  const key = stage.key(name);
  const planner = line.options.get('planner');
  if (story.need.body.auction === 'sealed') {
    const [made, seal] = story.sealedBid(key, micro(price));
    bids.set(name, { bid: made, shown: [made, seal] });
  } else if (planner !== undefined) {
    const share = micro(line.options.get('share') ?? '0');
    const [acceptance, made] = story.plannedBid(stage.key(planner), key, micro(price), micro(price) + share);
    bids.set(planner, { bid: made, shown: [made, acceptance] });
  } else {
    const made = story.bid(key, micro(price));
    bids.set(name, { bid: made, shown: [made] });
  }
};

/** `divide PLANNER TASK:WORKER:PRICE[:AFTER,...]... [share=N]`: a bid that divides the work; `-` leaves a task open. */
const divide: Command = (stage, line) => {
  const { story, bids } = stage.scene(line);
  const [planner = '', ...tasks] = line.words;
  const drafts = tasks.map((one): TaskDraft => {
    const [task = '', worker = '', price = '', after = ''] = one.split(':');
    const key = worker === '-' ? null : stage.key(worker);
    return { task, worker: key, price: micro(price), after: after === '' ? [] : after.split(',') };
  });
  const share = micro(line.options.get('share') ?? '0');
  const { bid: made, shown } = story.dividedBid(stage.key(planner), drafts, { share });
  bids.set(planner, { bid: made, shown });
};

/** `open-cap PRICE`: says what the sealed cap is. */
const openCap: Command = (stage, line) => {
  const scene = stage.scene(line);
  scene.cap = scene.story.openCap(micro(line.words[0] ?? ''));
};

/** `decide [KEY...|none] [by=KEY] [seats=N]`: seats vote for the bid of the first key and say that they saw those of the others. */
const decide: Command = (stage, line) => {
  const { story, bids, cap } = stage.scene(line);
  const wanted = line.words[0] === 'none' ? [] : line.words;
  const order = wanted.map((name) => {
    const found = bids.get(name);
    if (found === undefined) throw new Error(`${name} made no bid`);
    return found;
  });
  const seats = story.seats(story.plan).slice(0, Number(line.options.get('seats') ?? 99));
  const votes = story.planVotes(
    order.map((one) => one.bid),
    seats,
  );
  const shown = [...votes, ...order.flatMap((one) => one.shown), ...(cap === null ? [] : [cap])];
  story.decide(shown, stage.key(line.options.get('by') ?? 'requester'));
};

const OUTPUTS = { true: TRUTHFUL, lying: LYING, unfit: UNFIT };

/** `commit [true|lying|unfit] [by=KEY] [attempt=N]`: the holder of the lease, or another, hands in a result. */
const commit: Command = (stage, line) => {
  const { story } = stage.scene(line);
  const { words, options } = line;
  const output = OUTPUTS[(words[0] ?? 'true') as keyof typeof OUTPUTS];
  const telemetry = { wallMs: 1, bytesRead: 1, bytesWritten: 1 };
  const by = options.has('by') ? stage.key(options.get('by')) : who(story.lease.bid.worker);
  stage.world.submit(by, 'COMMIT', { ...heldBy(stage, line), outputs: [output], telemetry, trace: null });
};

/** What a lease entry names, with what the line would have otherwise. */
function heldBy(stage: Stage, line: CommandLine) {
  const { story } = stage.scene(line);
  const held = story.held();
  return { ...held, attempt: Number(line.options.get('attempt') ?? held.attempt) };
}

const lease =
  (verb: 'RENEW' | 'YIELD'): Command =>
  (stage, line) => {
    const { story } = stage.scene(line);
    const by = line.words[0] === undefined ? who(story.lease.bid.worker) : stage.key(line.words[0]);
    const held = heldBy(stage, line);
    if (verb === 'RENEW') stage.world.submit(by, 'RENEW', { ...held, progress: null });
    else stage.world.submit(by, 'YIELD', { ...held, reason: line.options.get('reason') ?? '' });
  };

/** `release [by=KEY] [seats=N]`: plan seats say that the holder is silent. */
const release: Command = (stage, line) => {
  const { story } = stage.scene(line);
  const held = heldBy(stage, line);
  const { planSeats } = story.need;
  const misses = planSeats
    .slice(0, Number(line.options.get('seats') ?? 99))
    .map((did) => stage.world.gossip(who(did), 'MISS', { ...held, interval: 3 }));
  stage.world.submit(stage.key(line.options.get('by') ?? 'requester'), 'RELEASE', held, { envelopes: misses });
};

/** `claim KEY PRICE [attempt=N]`: takes a task that is ready. */
const claim: Command = (stage, line) => {
  const { story } = stage.scene(line);
  const [name, price = ''] = line.words;
  const { need } = story;
  stage.world.submit(stage.key(name), 'CLAIM', {
    need: story.id,
    task: taskName(need),
    attempt: Number(line.options.get('attempt') ?? need.attempt + 1),
    ttlMs: 5000,
    cost: micro(price),
    etaMs: 1000,
  });
};

/** `cancel [by=KEY]` */
const cancel: Command = (stage, line) => {
  const { story } = stage.scene(line);
  stage.world.submit(stage.key(line.options.get('by') ?? 'requester'), 'CANCEL', { need: story.id });
};

/** `plant KEY`: says that the need was posted to be judged, and by whom it was done wrong. */
const plant: Command = (stage, line) => {
  const { story } = stage.scene(line);
  stage.world.submit(stage.key(line.words[0]), 'PLANT', { need: story.id, salt: SALT });
};

/** `lose KEY`: K seats choose the bid of a key where there is no log, and the key does the work by it. */
const lose: Command = (stage, line) => {
  const { story, bids, lost } = stage.scene(line);
  const [name = ''] = line.words;
  const found = bids.get(name);
  if (found === undefined) throw new Error(`${name} made no bid`);
  const votes = story.planVotes([found.bid], story.seats(story.plan).slice(0, story.plan.k));
  const said = { need: story.id, bid: found.bid.id, outputs: [TRUTHFUL] };
  lost.push({ votes, bid: found.bid, alternate: stage.world.gossip(stage.key(name), 'ALTERNATE', said) });
};

/** `reconcile [by=KEY] [salvage=no]`: what was lost is marked. */
const reconcile: Command = (stage, line) => {
  const { story, lost } = stage.scene(line);
  const isKept = line.options.get('salvage') !== 'no';
  const body = {
    need: story.id,
    merged: story.need.adopted.at(-1) ?? null,
    orphaned: lost.map(({ bid }) => bid.id),
    salvaged: isKept ? lost.map(({ alternate }) => alternate.id) : [],
  };
  const envelopes = lost.flatMap(({ votes, bid, alternate }) => [...votes, bid, ...(isKept ? [alternate] : [])]);
  stage.world.submit(stage.key(line.options.get('by') ?? 'requester'), 'RECONCILE', body, { envelopes });
};

/** `show`: how the need stands. */
const show: Command = (stage, line) => {
  const { story } = stage.scene(line);
  if (story.settled) {
    stage.say('settled: nothing of the need is left');
    return;
  }
  const { status, phase, round, attempt, level, lease: held, plan } = story.need;
  const tasks = plan?.tasks.map((task) => ` ${task.task}=${task.status}`).join('') ?? '';
  const holder = held === null ? '' : ` holder=${stage.trace.names.of(held.bid.worker)}`;
  stage.say(`${status} phase=${phase} round=${round} attempt=${attempt} level=${level}${holder}${tasks}`);
};

export const NEED_COMMANDS: Readonly<Record<string, Command>> = {
  post,
  bid,
  divide,
  'open-cap': openCap,
  decide,
  commit,
  renew: lease('RENEW'),
  yield: lease('YIELD'),
  release,
  claim,
  cancel,
  plant,
  lose,
  reconcile,
  show,
};
