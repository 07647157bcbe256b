import type { KernelEvent } from '@canswarm/kernel';
import { after } from '../processes/cluster.ts';
import { follow, NODES, post, QUESTION, REQUESTER } from '../processes/scenes.ts';
import type { Report } from '../suite.ts';
import type { Bed } from './bed.ts';
import type { Fault } from './faults.ts';

/** A fault comes this long after its need at the latest; so long it lasts, ms. */
const WITHIN_MS = 3_000;
const LASTS_MS = 3_000;
/** So late a trace may come, ms. */
const TRACED_MS = 500;
const LEVEL_MS = 60_000;
/** Longer than the deadline of a need: one whose worker is lost waits for that. */
const OVER_MS = 420_000;

/** What came of one round. */
export interface Outcome {
  /** How long the log stood still for who could reach a majority, ms. */
  readonly stallMs: number;
  readonly seconds: number;
  /** Why the need was not met; null when it was. */
  readonly unmet: string | null;
  /** Batches of entries that the other nodes took up while some were cut off from the log; null: none were. */
  readonly tookUpElsewhere: number | null;
  readonly operations: number;
}

/** A need is posted, the fault comes at a moment of its own and ends; then everything that must hold is looked at. */
export async function playRound(
  bed: Bed,
  { aim }: Fault,
  number: number,
  report: Report,
  title: string,
): Promise<Outcome> {
  const start = performance.now();
  const { etcd, nodes, probe, witness } = bed;
  const { needId } = await post(nodes, REQUESTER, `${QUESTION} ${title}`);
  await after(Math.random() * WITHIN_MS, () => undefined);
  const { cutOff = [], strike, heal } = await aim(bed, number);
  const moment = performance.now();
  let tookUp = { cutOff: 0, elsewhere: 0 };
  try {
    await strike();
    const over = after(LASTS_MS, () => undefined);
    // What is added from here on cannot come to who is cut off. A cluster that has lost its leader says so late.
    const head = cutOff.length === 0 ? 0 : await witness.head();
    await over;
    const end = process.hrtime.bigint();
    await heal();
    // Traces are complete a moment later.
    await after(TRACED_MS, () => undefined);
    const batches = cutOff.length === 0 ? [] : witness.tookUp(head, end);
    const isCutOff = (name: string): boolean => cutOff.includes(name);
    tookUp = {
      cutOff: batches.filter(isCutOff).length,
      elsewhere: batches.filter((name) => !isCutOff(name)).length,
    };
  } catch (error) {
    await heal();
    throw error;
  }
  await etcd.start();
  await after(LASTS_MS, () => undefined);
  const stallMs = probe.stallSince(moment);
  const events = await follow(nodes, REQUESTER, needId, isOver, OVER_MS);
  await judge(bed, report, title);
  report.check(
    `${title}: who is cut off from the log takes nothing for decided`,
    tookUp.cutOff === 0,
    `${tookUp.cutOff}`,
  );
  const testimony = await witness.judge();
  const { decidedTwice, lost, doubles, unexplained, operations, acknowledged } = testimony;
  report.check(`${title}: no need is decided twice in a round`, decidedTwice.length === 0, decidedTwice.join());
  report.check(`${title}: nodes lose no entry that was acknowledged`, lost === 0, `${lost} of ${acknowledged}`);
  report.check(`${title}: no entry stands twice`, doubles === 0, `${doubles}`);
  report.check(`${title}: an order explains what nodes saw`, unexplained.length === 0, unexplained.join('\n'));
  const closed = events.find((event) => event.type === 'need_closed');
  const unmet = events.some(({ type }) => type === 'finalized') ? null : (closed?.reason ?? 'settled otherwise');
  const tookUpElsewhere = cutOff.length === 0 ? null : tookUp.elsewhere;
  return { stallMs, seconds: (performance.now() - start) / 1_000, unmet, tookUpElsewhere, operations };
}

const isOver = ({ type }: KernelEvent): boolean => type === 'need_settled' || type === 'need_closed';

/** What nodes and probe say of themselves once all is healed. */
async function judge({ nodes, probe, witness }: Bed, report: Report, title: string): Promise<void> {
  const all = await nodes.level(LEVEL_MS);
  const [{ position, digest } = { position: 0, digest: '' }] = all;
  const isLevel = all.length === NODES && all.every((one) => one.digest === digest);
  report.check(`${title}: digests of all nodes are equal`, isLevel, all.map((one) => one.digest).join());
  const expected = await witness.digestAt(position);
  report.check(`${title}: it is that of the log`, position > 0 && expected === digest, `${digest} not ${expected}`);
  const { acknowledged, lost, doubles, disordered } = await probe.account();
  const isKept = acknowledged > 0 && lost + doubles + disordered === 0;
  const told = `of ${acknowledged} ${lost} lost, ${doubles} twice, ${disordered} out of order`;
  report.check(`${title}: the probe finds what was acknowledged, once and in order`, isKept, told);
}
