import type { NeedStory } from '@canswarm/api';
import type { Moved, Step } from 'canswarm';
import { count, credits, creditsOf, cut, oneLine } from '../text.ts';
import { adviceOf } from './advice.ts';
import { flow, type Line, type Paint, period, rendered, wrapped } from './line.ts';
import { lossText } from './lost-bids.ts';
import { Names } from './names.ts';
import { planLines } from './plan-lines.ts';
import type { Folding } from './scene.ts';
import { moneyLines, stageText } from './scene-lines.ts';
import { type Remark, remarksOn } from './story.ts';
import { type SeenOutlook, seenOutlook, type ViewEvent } from './view-event.ts';

/** What a timeline is made with: of the library, which is loaded late. */
export interface TimelineTools extends Folding {
  readonly stepsOf: (entries: readonly Entry[]) => readonly Step[];
}

type Entry = Extract<ViewEvent, { type: 'entry' }>;

/** A step, with what it says to people. */
export interface ToldStep extends Omit<Step, 'entry'> {
  readonly says: readonly string[];
}

interface OwnPolicy {
  readonly capsule: string;
  readonly name: string | null;
}

/** A need's life, step by step. */
export interface Timeline {
  readonly names: Names;
  readonly sheet: Folding['BLANK_SHEET'];
  /** The cap that was sealed, micro-credits, once it is opened. */
  readonly cap: number | null;
  /** Its own policy, and what that is called where this is known. */
  readonly policy: OwnPolicy | null;
  readonly steps: readonly (ToldStep & { readonly remarks: readonly Remark[] })[];
}

/** The timeline of a story as a node tells it. */
export function timelineOf(
  story: NeedStory,
  { BLANK_SHEET, sheetAfter, stepsOf }: TimelineTools,
  policyName: string | null = null,
): Timeline {
  const names = new Names();
  const { record, escrow, people } = story;
  names.learn({ type: 'posted', needId: record.id, escrow, people } as unknown as ViewEvent);
  names.learn({ type: 'outlook', outlook: seenOutlook(story.outlook) });
  const entries = story.entries.map((entry) => ({ type: 'entry', ...entry }) as unknown as Entry);
  const steps = stepsOf(entries).map(({ entry, ...step }) => {
    const remarks = [...detailsOf(entry), ...remarksOn(entry, names)];
    return { ...step, remarks, says: remarks.map(({ text }) => text.trim()) };
  });
  const opened = entries.flatMap(({ events }) => events).find(({ type }) => type === 'cap_opened');
  const cap = opened?.type === 'cap_opened' ? opened.cap : null;
  const { policy: capsule } = record.body;
  const policy = capsule === undefined ? null : { capsule, name: policyName };
  return { names, sheet: entries.reduce(sheetAfter, BLANK_SHEET), cap, policy, steps };
}

const NARROW = 60;

/** A timeline for people, on lines of at most `columns`. */
export function timelineText(
  story: NeedStory,
  { names, sheet, cap, policy, steps }: Timeline,
  columns: number,
  paint: Paint,
): string {
  const { record, outlook, complete } = story;
  const { id, body, requester, stage, reason } = record;
  const labelled = (label: string, lines: readonly Line[]): readonly Line[] =>
    lines.map((line, at): Line => [['dim', (at === 0 ? label : '').padEnd(LABEL_CELLS)], ...line]);
  const room = columns - LABEL_CELLS;
  const now =
    stage === 'final'
      ? stageText({ sheet, names })
      : reason === null
        ? stageText({ sheet, names })
        : `${stage}: ${oneLine(reason)}`;
  const goal = body.goal === null ? [] : wrapped(oneLine(body.goal), room).map((text): Line => [text]);
  const head: Line[] = [
    ...labelled('skill', [[oneLine(body.skill)]]),
    ...labelled('goal', goal),
    ...labelled('by', [[names.full(requester)]]),
    ...labelled('gives', flow([[capText(body, cap)], [`${credits(body.seatFee)} to each seat`]], room)),
    ...labelled('trial', body.trial === null ? [] : [[TRIALS[body.trial]]]),
    ...labelled('policy', policy === null ? [] : policyLines(policy)),
    ...labelled('now', [[[reason !== null && stage !== 'final' ? 'red' : 'bold', now]]]),
    ...labelled('money', moneyLines({ sheet, columns: room })),
    [''],
  ];
  head.push(...planLines(record.plan, names, columns), ...bidLines(seenOutlook(outlook).bids, names, columns));
  if (!complete) head.push([['yellow', 'Earlier entries are not kept by this node any more.']]);
  const hints = seenOutlook(outlook).hindrances.flatMap((one) => adviceLines(adviceOf(one, names), columns));
  const all = [
    ...head,
    ...steps.flatMap((step) => stepLines(step, columns)),
    ...(hints.length === 0 ? [] : [[''], ...hints]),
  ];
  return [paint('bold', id), ...all.map((line) => rendered(line, columns, paint).trimEnd())].join('\n');
}

/** The CID is not cut: it names the policy. */
const policyLines = ({ capsule, name }: OwnPolicy): readonly Line[] => [
  ...(name === null ? [] : [[oneLine(name)]]),
  [capsule],
];

/** What the work may cost; a cap that is sealed is shown by nobody before its bids are. */
function capText({ priceCap, capSealed }: NeedStory['record']['body'], cap: number | null): string {
  if (cap !== null) return `${creditsOf(cap)} at most for the work, which was sealed`;
  const most = `${creditsOf(priceCap)} at most for the work`;
  return capSealed ? `${most}, its own cap is sealed` : most;
}

/** Most bids that a timeline shows; with --json there are all. */
const BIDS_SHOWN = 8;
/** What a score is divided by, for people: 100 is the most. */
const SCORE_UNIT = 1_000_000;

/** Bids of the last round, with what each scores and why it lost. */
function bidLines(bids: SeenOutlook['bids'], names: Names, columns: number): readonly Line[] {
  if (bids.length === 0 || bids.every(({ score }) => score === null)) return [];
  const rows = bids.slice(0, BIDS_SHOWN).map(({ by, price, score, lost }): Line => {
    const worth = score === null ? '' : `, scores ${(score / SCORE_UNIT).toFixed(2)}`;
    const fate = lost === null ? '' : `: ${lossText(lost)}`;
    return [cut(`  ${names.full(by)} for ${credits(price)}${worth}${fate}`, columns)];
  });
  const rest = bids.length - BIDS_SHOWN;
  return [['bids, the best first'], ...rows, ...(rest > 0 ? [[`  and ${rest} more`] as Line] : []), ['']];
}

const LABEL_CELLS = 7;
const NAME_CELLS = 16;
const NARROW_INDENT = 8;

/** What stands in the way, and below it what to do. */
export const adviceLines = ({ what, todo }: { what: string; todo: string }, columns: number): readonly Line[] => [
  ...wrapped(what, columns).map((text): Line => [['yellow', text]]),
  ...(todo === '' ? [] : wrapped(todo, columns - 2).map((text): Line => [`  ${text}`])),
];

function stepLines(step: Timeline['steps'][number], columns: number): readonly Line[] {
  const { position, sinceMs, verb, name, accepted, code, remarks, moved } = step;
  const since = `+${(sinceMs / 1000).toFixed(1)} s`;
  const at = `${String(position).padStart(5)} ${since.padStart(9)}  `;
  const who = cut(oneLine(name), NAME_CELLS);
  const indent = ' '.repeat(columns < NARROW ? NARROW_INDENT : at.length);
  const room = columns - indent.length;
  const head: Line = [['dim', at], `${verb.padEnd(9)} `, who];
  const told: Line[] = [
    ...(accepted ? [] : [[['dim', `rejected: ${code}`]] as Line]),
    ...remarks.flatMap(({ tone, text }) => remarkLines(tone, text, room)),
    ...(moved.length === 0 ? [] : flow(moved.map(movedItem), room)),
  ];
  return [head, ...told.map((line): Line => [indent, ...line])];
}

/** A remark on as many lines as it takes; those after the first stand a little to the right. */
function remarkLines(tone: Remark['tone'], text: string, room: number): readonly Line[] {
  const [first = '', ...rest] = wrapped(text.trim(), room - 2);
  const lead = text.startsWith(' ') ? '  ' : '';
  return [`${lead}${first}`, ...rest.map((more) => `  ${more}`)].map((line): Line => {
    if (tone === 'plain') return [line];
    return [[tone === 'good' ? 'green' : 'red', line]];
  });
}

/** What a story of a few lines leaves out, and a timeline tells. */
function detailsOf({ events, accepted, time }: Entry): readonly Remark[] {
  if (!accepted) return [];
  const texts = events.flatMap((event) => {
    switch (event.type) {
      case 'bidding_closed':
        return ['bidding is closed, the seats vote'];
      case 'votes_recorded':
        return [`${count(event.count, 'vote')} recorded, ${event.matching} say the same`];
      case 'seals_recorded':
        return [`${count(event.count, 'sealed vote')} recorded, ${event.sealed} in all`];
      case 'votes_opened':
        return [`all are bound: ${count(event.seals, 'sealed vote')} may be opened`];
      case 'lease_started':
        return event.expiresAt === null ? [] : [`the lease runs for ${period(event.expiresAt - time)}`];
      case 'lease_renewed':
        return [`the lease is renewed, ${count(event.renewals, 'time')} without new progress`];
      case 'window_closed':
        return ['nobody can challenge it any more'];
      case 'task_ready':
        return ['the task is open to anyone who can do it'];
      default:
        return [];
    }
  });
  return texts.map((text) => ({ tone: 'plain', text }));
}

const TRIALS: Readonly<Record<'funded' | 'sponsored', string>> = {
  funded: 'its worker needs no bond; part of the pay is withheld',
  sponsored: 'the fund of the network pays for the work; its worker needs no bond, and part of the pay is withheld',
};

const MONEY: Readonly<Record<string, string>> = {
  escrow_price: 'into escrow for the work',
  escrow_fees: 'into escrow for seats',
  escrow_logs: 'into escrow for log space',
  log_fee: 'for log space',
  escrow_task: 'into escrow of tasks of the plan',
  task_returned: 'back from a task of the plan',
  plan_bond: 'locked as the bond of the planner',
  plant_levy: 'to the fund for plants',
  plant_repaid: 'repaid for a plant',
  reputation_burned: 'burned, which is what reputation costs',
  work_bond: 'locked as a bond',
  bond_returned: 'of bond returned',
  bond_burned: 'of bond burned',
  bond_funds_attempt: 'of bond for the next seats',
  bond_shared: 'of bond shared',
  seat_reserve: 'reserved by seats',
  reserve_freed: 'of reserves freed',
  reserve_burned: 'of reserves burned',
  slash_shared: 'of a slash shared',
  stake_burned: 'of stake burned',
  seat_fee: 'paid to seats',
  seat_fee_burned: 'of seat fees burned, as nobody earned them',
  silence_fee: 'taken for silence',
  price: 'paid for the work',
  planner_share: 'paid to the planner',
  undecidable_pay: 'paid, as nobody could tell',
  refund: 'came back',
  trial_sponsored: 'into escrow for the work, by the fund for trials',
  trial_returned: 'back to the fund for trials',
  trial_withheld: 'of the pay withheld until the next task with a bond',
  trial_released: 'of the pay of trials freed',
  challenge_bond: 'locked for a challenge',
  challenge_bond_returned: 'of a challenge bond returned',
  challenge_bond_burned: 'of a challenge bond burned',
  appeal_bond: 'locked for an appeal',
  appeal_bond_returned: 'of an appeal bond returned',
  appeal_bond_burned: 'of an appeal bond burned',
  jury_fee: 'paid to jurors',
};

function movedItem({ code, amount, times }: Moved): Line {
  const each = times > 1 ? ` (${times} x)` : '';
  return [['cyan', `${credits(amount)} ${MONEY[code] ?? code}${each}`]];
}
