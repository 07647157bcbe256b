import { decodeCbor, isList, splitEntry, toHex } from '@canswarm/protocol';
import { createWorld, type World } from '@canswarm/simulator';
import { SHARD } from 'canswarm';
import { postQuote } from '../world/post-quote.ts';
import { type Witness, witness } from '../world/witness.ts';
import type { Report, Suite } from './suite.ts';

const LIMIT_MS = 60_000;

/** The signature in an envelope's proof, hex: its last part, in a single and in a batch proof. */
function signatureOf(envelope: Uint8Array): string {
  const decoded = decodeCbor(envelope);
  const proof = decoded.ok && isList(decoded.value) ? decoded.value[1] : null;
  const signature = proof !== null && proof !== undefined && isList(proof) ? proof.at(-1) : null;
  if (!(signature instanceof Uint8Array)) throw new TypeError('an envelope without a signature');
  return toHex(signature);
}

/** Signatures that stand in the log: a node that checks each of them has verified every entry and its evidence. */
function signaturesInLog({ course }: Witness): number {
  const signatures = new Set<string>();
  for (const { entry } of course) {
    const parts = splitEntry(entry.bytes);
    if (parts.ok) signatures.add(signatureOf(parts.envelope));
    for (const { bytes } of entry.evidence.envelopes) signatures.add(signatureOf(bytes));
  }
  return signatures.size;
}

/** Entries in the store of a node, by the key of their cursor. */
const stored = (world: World, node: string): readonly string[] =>
  [...world.storeOf(node).scan('entry/')].map(([, bytes]) => toHex(world.crypto.sha256(bytes)));

/** On a judged result no seat signs its vote before all are bound by their seals. */
async function sealed(world: World, seen: Witness, report: Report): Promise<void> {
  const need = await postQuote(world, { text: 'A judged document is short.', body: { tier: 6 } });
  await world.clock.runUntil(() => seen.settled(need) && seen.level(), { untilMs: world.clock.now() + LIMIT_MS });
  const [opened] = seen.course.filter(({ events }) => events.some(({ type }) => type === 'votes_opened'));
  const votes = seen.course
    .filter(({ entry }) => entry.envelope.payload.thread === need)
    .flatMap(({ entry }) => entry.evidence.envelopes)
    .filter(({ payload }) => payload.verb === 'ATTEST' || payload.verb === 'REJECT');
  const early = votes.filter(({ payload }) => payload.head.position < (opened?.position ?? Number.POSITIVE_INFINITY));
  report.check('a judged result is voted on', votes.length >= 3, `${votes.length} votes`);
  report.check('no vote on it is signed before all are sealed', early.length === 0, `${early.length} are`);
}

/** Each node verifies and stores for itself: nothing is believed because another node has seen it. */
export const verification: Suite = {
  name: 'verification',
  async run(size, report) {
    const needs = size === 'full' ? 9 : 1;
    const world = createWorld({ seed: 'verification' });
    const seen = witness(world);
    world.network.start();
    for (let index = 0; index < needs; index += 1) {
      const need = await postQuote(world, { text: `Document ${index} is short.` });
      await world.clock.runUntil(() => seen.settled(need) && seen.level(), { untilMs: world.clock.now() + LIMIT_MS });
    }
    await sealed(world, seen, report);
    report.check('no invariant breaks, no node differs', seen.faults.length === 0, seen.faults.join('; '));
    report.check('every need is met', seen.events('finalized').length === needs + 1);
    const due = signaturesInLog(seen);
    const head = await world.log.head(SHARD);
    const whole = seen.course.map(({ entry }) => toHex(entry.hash)).join();
    const counts = { signatures: [] as number[], gossip: [] as number[] };
    for (const name of world.nodes.keys()) {
      const meter = world.meterOf(name).read();
      const [checked = 0, entries = 0] = [meter['signatures.checked'], meter['log.verified']];
      report.check(`${name} verifies every entry`, entries === head, `${entries} of ${head}`);
      report.check(`${name} checks every signature in them`, checked >= due, `${checked} of ${due}`);
      report.check(`${name} stores every entry`, stored(world, name).join() === whole);
      counts.signatures.push(checked / (needs + 1));
      counts.gossip.push((meter['ingress.verified'] ?? 0) / (needs + 1));
    }
    report.metric('nodes', counts.signatures.length);
    report.metric('entriesPerNeed', head / (needs + 1));
    report.metric('verificationsPerNeedPerNode.least', Math.min(...counts.signatures));
    report.metric('verificationsPerNeedPerNode.most', Math.max(...counts.signatures));
    report.metric('gossipPerNeedPerNode.most', Math.max(...counts.gossip));
    report.metric('signaturesInLogPerNeed', due / (needs + 1));
  },
};
