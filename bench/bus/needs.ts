import { Cluster } from '../../test/e2e/processes/cluster.ts';
import { NODES, post, QUESTION, REQUESTER, settled } from '../../test/e2e/processes/scenes.ts';
import { figure } from '../measure.ts';
import type { Metrics } from '../metrics.ts';

/** Needs under way at once, those that warm up, and those that are counted. */
const AT_ONCE = 32;
const WARM_UP = 16;
const COUNTED = 96;

/** Needs from post to final over five processes, with all the windows of the rules and everything on disk. */
export async function needsBench(say: (line: string) => void): Promise<Metrics> {
  const cluster = await Cluster.found(NODES);
  try {
    await cluster.startAll();
    let [posted, final, from, to] = [0, 0, 0, 0];
    // A node takes few posts at once; what is measured is what follows.
    let turn: Promise<unknown> = Promise.resolve();
    const posting = (label: string): ReturnType<typeof post> => {
      const own = turn.then(() => post(cluster, REQUESTER, `${QUESTION} ${label}`));
      turn = own.catch(() => undefined);
      return own;
    };
    const next = async (): Promise<void> => {
      while (posted < WARM_UP + COUNTED) {
        posted += 1;
        const { needId } = await posting(String(posted));
        const events = await settled(cluster, REQUESTER, needId);
        if (!events.some(({ type }) => type === 'finalized')) continue;
        final += 1;
        if (final === WARM_UP) from = performance.now();
        to = performance.now();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
    const perSecond = (final - WARM_UP) / ((to - from) / 1_000);
    say(`bus: ${final} of ${posted} needs final, ${figure(perSecond)} a second`);
    return { 'need.finalizedPerSecond': figure(perSecond), 'need.finalShare': figure(final / posted) };
  } finally {
    await cluster.close();
  }
}
