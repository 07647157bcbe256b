import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { judgingTools, localCrypto, type NodeClient, runBrief, saveResult, verifyProof } from 'canswarm';
import { Cluster } from '../../processes/cluster.ts';
import type { Report, Size, Suite } from '../../suite.ts';
import { Talking } from '../talking.ts';
import { type BriefCase, briefCases } from './briefs.ts';
import { foundCases, systemCases } from './found-cases.ts';
import { atOnce, type Ended, endOf, hired } from './hired.ts';
import { hostileCases } from './hostile-cases.ts';
import type { WorkCase } from './work-case.ts';

const LIARS = fileURLToPath(new URL('./liars.ts', import.meta.url));
/** A node takes as many uploads at once. */
const AT_ONCE = 2;
const CREDIT = 1_000_000;

/** What the parts of the suite share. */
interface Scene {
  readonly client: NodeClient;
  readonly report: Report;
  /** A folder of the suite's own. */
  readonly place: string;
  proofs: number;
}

const errorOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What one case throws is a failure of its own. */
const toItsEnd = (report: Report, name: string, done: Promise<void>): Promise<void> =>
  done.catch((error: unknown) => report.check(`${name}: runs to its end`, false, errorOf(error)));

/** Saves the proof of a final need with all that went in, and verifies it with the work done again. */
async function prove(scene: Scene, name: string, id: string, again: string | true): Promise<void> {
  const { client, place, report } = scene;
  const out = mkdtempSync(join(place, 'out-'));
  const { proof } = await saveResult(client, { id, out, includeSources: true });
  const options = { crypto: localCrypto(), signal: new AbortController().signal, reexecute: again };
  const { ok, error } = await verifyProof(proof, { ...options, tools: judgingTools() });
  rmSync(out, { recursive: true, force: true });
  report.check(`${name}: its proof verifies, work done again`, ok, error?.sentence);
  if (ok) scene.proofs += 1;
}

async function work(scene: Scene, one: WorkCase): Promise<void> {
  const { client, report } = scene;
  const { name, ends, shows } = one;
  const ended = await hired(client, one);
  const said = ended.stage === 'final' ? ended.json : ended.reasons.join('; ');
  const stage = ends === 'final' ? ended.stage === 'final' : ended.stage !== 'final' && ended.reasons.length > 0;
  report.check(`${name}: it is ${ends}`, stage, `${ended.stage}, ${said.slice(0, 500)}`);
  report.check(`${name}: and says so`, shows.test(said), said.slice(0, 500));
  report.check(`${name}: its money is settled`, ended.settled);
  const refund = closedRefund(ended);
  if (ends === 'refunded') report.check(`${name}: money came back`, refund > 0, `${refund}`);
  if (ended.stage !== 'final') return;
  report.check(`${name}: the worker is paid`, paidOf(ended) > 0);
  await prove(scene, name, ended.id, true);
}

const closedRefund = ({ events }: Ended): number =>
  events.reduce((sum, event) => (event.type === 'need_closed' ? sum + event.refund : sum), 0);

const paidOf = ({ events }: Ended): number =>
  events.reduce((sum, event) => (event.type === 'finalized' ? sum + event.price : sum), 0);

async function brief(scene: Scene, { name, folder, question, ends }: BriefCase): Promise<void> {
  const { client, report } = scene;
  const body = { folder, question, maxStatements: 3, priceCap: 2 * CREDIT, seatFee: CREDIT / 10 };
  const posted = await client.postBrief({ body, idempotencyKey: undefined }).catch(errorOf);
  if (ends === 'refused' || typeof posted === 'string') {
    const said = typeof posted === 'string' ? posted : 'it was posted';
    report.check(`brief of ${name}: it is ${ends}`, ends === 'refused' && /no document/.test(said), said);
    return;
  }
  const ended = await endOf(client, posted.needId);
  report.check(`brief of ${name}: it is final`, ended.stage === 'final', ended.reasons.join('; '));
  report.check(`brief of ${name}: its money is settled`, ended.settled);
  if (ended.stage === 'final') await prove(scene, `brief of ${name}`, posted.needId, folder);
}

/** What must hold of the nodes when all is done. */
async function healthy(cluster: Cluster, report: Report): Promise<void> {
  const fallen = cluster.fallen.map(({ name, code, signal }) => `${name} by ${signal ?? `code ${code}`}`);
  report.check('no node ended by itself', fallen.length === 0, fallen.join());
  await cluster.level();
  const wrong = await cluster.doctor();
  report.check('doctor finds nothing wrong', wrong.length === 0, wrong.join('; '));
  const { sum, disagreements, broken } = cluster.ledger();
  report.check('the ledger sums to zero', sum === 0n && broken === null && disagreements.length === 0, `${sum}`);
}

/** What somebody lost of its bonds, micro-credits. */
const bondLost = ({ events }: Ended, did: string): number =>
  events.reduce((sum, event) => {
    if (event.type !== 'posting' || event.code === 'bond_returned') return sum;
    return event.debit.startsWith('bond/') && event.debit.includes(did) ? sum + event.amount : sum;
  }, 0);

/**
 * Somebody cheaper than all others alters what the agents made: the seats fail it, its bond is gone, another one finishes. It is of another
 * organisation, since nobody works for its own.
 */
async function lies(scene: Scene, cluster: Cluster, cases: readonly WorkCase[]): Promise<void> {
  const { client, report, place } = scene;
  const start = (...args: readonly string[]): Talking =>
    new Talking([...args, '--json', '--home', cluster.home], place);
  const { invitation } = await client.invite();
  const joined = start('join', invitation, '--org', 'globex');
  await joined.object();
  const liars = start('agent', 'run', LIARS, '--node', 'globex', '--no-watch');
  try {
    const liar = String((await liars.object())['did']);
    let failed = 0;
    const lie = async (one: WorkCase): Promise<void> => {
      const ended = await hired(client, one);
      const lost = ended.events.flatMap((event) =>
        event.type === 'lease_lost' && event.holder === liar ? [event.reason] : [],
      );
      report.check(`a lie, ${one.name}: the seats fail it`, lost.join() === 'failed', lost.join());
      report.check(`a lie, ${one.name}: its bond is gone`, bondLost(ended, liar) > 0);
      const final = ended.events.find((event) => event.type === 'finalized');
      const isOther = final !== undefined && final.worker !== liar;
      report.check(`a lie, ${one.name}: another finishes`, isOther, ended.reasons.join('; '));
      if (lost.join() === 'failed') failed += 1;
    };
    await atOnce(
      AT_ONCE,
      cases.map((one) => () => toItsEnd(report, `a lie, ${one.name}`, lie(one))),
    );
    report.metric('lies', cases.length);
    report.metric('liesFailed', failed);
    await healthy(cluster, report);
  } finally {
    await liars.end('SIGTERM');
    await joined.end('SIGTERM');
  }
}

/** A worker that alters a quotation of a brief, in a network of this process. */
async function lyingBrief({ report, place }: Scene, { folder, question }: BriefCase): Promise<void> {
  const lost: string[] = [];
  const { slashed, statements } = await runBrief({
    folder,
    question,
    out: mkdtempSync(join(place, 'out-')),
    plant: 'liar',
    worker: null,
    includeSources: false,
    maxStatements: 3,
    signal: new AbortController().signal,
    onEvent: (event) => {
      if (event.type !== 'entry') return;
      for (const one of event.events) if (one.type === 'lease_lost') lost.push(one.reason);
    },
  });
  report.check('a lie, brief: the seats fail it', lost.join() === 'failed', lost.join());
  report.check('a lie, brief: its bond is gone', slashed.length === 1, `${slashed.length}`);
  report.check('a lie, brief: another finishes', statements > 0);
}

async function play(size: Size, report: Report, cluster: Cluster, place: string): Promise<void> {
  await cluster.startAll();
  const [node = ''] = cluster.names;
  const scene: Scene = { client: cluster.client(node), report, place, proofs: 0 };
  const chosen = <T extends { readonly slice: boolean }>(all: readonly T[]): readonly T[] =>
    all.filter(({ slice }) => size === 'full' || slice);
  const found = await foundCases();
  const system = systemCases();
  const own = [...chosen(found), ...chosen(system.cases)];
  const hostile = chosen(hostileCases);
  const briefs = chosen(briefCases(place));
  await atOnce(AT_ONCE, [
    ...[...own, ...hostile].map((one) => () => toItsEnd(report, one.name, work(scene, one))),
    ...briefs.map((one) => () => toItsEnd(report, `brief of ${one.name}`, brief(scene, one))),
  ]);
  await lies(
    scene,
    cluster,
    found.filter(({ slice }) => slice),
  );
  const [honest] = briefs;
  if (honest !== undefined) await toItsEnd(report, 'a lie, brief', lyingBrief(scene, honest));
  report.metric('found', own.length);
  report.metric('hostile', hostile.length);
  report.metric('briefs', briefs.length);
  report.metric('proofs', scene.proofs);
  report.metric('notOnThisMachine', system.missing.length);
}

/** Every bundled agent, hired over a real network: inputs that others wrote, inputs made to do harm, and workers that lie. */
export const bundled: Suite = {
  name: 'agents',
  async run(size, report) {
    const place = mkdtempSync(join(tmpdir(), 'canswarm-'));
    const cluster = await Cluster.found(1);
    try {
      await play(size, report, cluster, place);
    } finally {
      await cluster.close();
      rmSync(place, { recursive: true, force: true });
    }
  },
};
