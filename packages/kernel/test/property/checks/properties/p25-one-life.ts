import { toHex } from '@canswarm/protocol';
import { areTwoThirds, isFit, voters } from '../../model/verbs/restart.ts';
import { isOfEnded, lifeBefore } from '../lives.ts';
import { lastSeen, ofType, type Property, type Step } from '../step.ts';

/** Verbs that take effect by what all that they show says. */
const BY_EVIDENCE = ['CERTIFY', 'RELEASE', 'INVALIDATE', 'DISMISS', 'RECONCILE', 'TICK'];

/** A life begins by an entry that two thirds of the stake signed for: that it is the next, here, in this state. */
function* begins(step: Step): Iterable<string> {
  const { entry, applied, model } = step;
  const { payload, id } = entry.envelope;
  const begun = ofType(applied.events, 'life_begun');
  const isRestart = payload.verb === 'RESTART' && applied.outcome.accepted;
  if (begun.length !== (isRestart ? 1 : 0)) yield `${begun.length} lives begin with a ${payload.verb}`;
  if (!isRestart) return;
  const next = lifeBefore(step) + 1;
  const { body, head, from } = payload;
  if (body.incarnation !== next || begun.some(({ incarnation }) => incarnation !== next))
    yield `life ${body.incarnation} begins, ${next} is due`;
  if (head.position !== applied.position - 1 || model.heads[head.position] !== toHex(head.digest))
    yield `life ${next} begins at ${head.position}, ${applied.position - 1} is the end of the life before`;
  if (toHex(body.root) !== model.root) yield `life ${next} begins in a state that nobody signed`;
  const { envelopes } = entry.evidence;
  const signers = envelopes.map((statement) => statement.payload.from as string);
  if (!envelopes.every((statement) => isFit(model, statement, { id, from, body, entry })))
    yield `life ${next} begins with statements of something else`;
  if (new Set(signers).size < signers.length) yield `life ${next} begins with two statements of one key`;
  // A model that the law led astray does not follow it, and knows no stakes any more.
  if (model.position !== applied.position) return;
  const able = voters(model).map(({ did }) => did);
  for (const did of signers) if (!able.includes(did)) yield `${did} has no word on life ${next}`;
  if (!areTwoThirds(model, signers)) yield `life ${next} begins with less than two thirds of the stake`;
}

/** What an accepted entry shows of an ended life, and what it does by that. */
function* counted({ entry, applied, model }: Step, life: number): Iterable<string> {
  const { verb } = entry.envelope.payload;
  const { envelopes } = entry.evidence;
  if (verb === 'SUSPEND' && envelopes.some(({ payload }) => payload.head.incarnation !== life))
    yield 'a vote of another life suspends its member';
  const ended = envelopes.filter((envelope) => isOfEnded(model, entry, envelope));
  if (BY_EVIDENCE.includes(verb))
    for (const { payload } of ended) yield `${verb} counts a ${payload.verb} of ${payload.from} in a life that ended`;
  for (const { need, winner } of ofType(applied.events, 'need_decided'))
    if (ended.some(({ id }) => id === winner)) yield `${need} is decided for a bid of a life that ended`;
  const [first, second] = envelopes.map(({ payload }) => payload.head);
  const sameHead = first?.incarnation === second?.incarnation && first?.position === second?.position;
  for (const { class: kind, upheld, subject } of ofType(applied.events, 'challenge_judged'))
    if (upheld && kind === 'equivocation' && ended.length > 0 && !sameHead)
      yield `a vote on ${subject} convicts by another of a life that ended`;
}

/** A draw is completed by what was revealed in the life that it is of. */
function* drawn({ applied, trace }: Step): Iterable<string> {
  const since = lastSeen(trace, ({ type }) => type === 'life_begun')?.applied.position ?? 0;
  for (const subject of new Set(ofType(applied.events, 'seated').map((event) => event.subject))) {
    const asked = lastSeen(trace, (event) => event.type === 'draw_pending' && event.subject === subject);
    if (asked !== undefined && asked.applied.position < since)
      yield `${subject} is drawn as a life before asked for it`;
  }
}

export default {
  id: 'P25',
  holds:
    'a log has one life at a time: two thirds of the stake begin the next, and nothing that only an ended one had counts',
  needsModel: false,
  *check(step) {
    yield* begins(step);
    if (!step.applied.outcome.accepted) return;
    const { head, verb, body } = step.entry.envelope.payload;
    const life = lifeBefore(step);
    if (head.incarnation !== life) yield `${verb} of life ${head.incarnation} takes effect in life ${life}`;
    if ('fence' in body && body.fence.incarnation !== life)
      yield `${verb} takes effect on a fence of life ${body.fence.incarnation} in life ${life}`;
    yield* counted(step, life);
    yield* drawn(step);
  },
} satisfies Property;
