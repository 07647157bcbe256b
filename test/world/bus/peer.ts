/** A process with one end of the bus, told what to do by the process that measures. */
import { bareSpeaker } from './bare-speaker.ts';
import type { FromPeer, PeerConfig, ToPeer } from './messages.ts';
import { nodeSpeaker } from './node-speaker.ts';

/** The last characters of an id tell it apart well enough. */
const ID_LENGTH = 16;
const LOOK_MS = 20;
/** What was published is on its way for a while. */
const DRAIN_MS = 1_500;
/** Gossipsub grafts its mesh at its heartbeats. */
const GRAFT_MS = 1_500;

const config = JSON.parse(process.argv[2] ?? '{}') as PeerConfig;
const tell = (message: FromPeer): void => void process.send?.(message);
let sent: [string, number][] = [];
let got: [string, number][] = [];

const open = config.kind === 'node' ? nodeSpeaker : bareSpeaker;
const speaker = await open(
  config,
  (id, at) => sent.push([id.slice(-ID_LENGTH), at]),
  (id, at) => got.push([id.slice(-ID_LENGTH), at]),
);
tell({ type: 'listening', address: speaker.address });

const connected = setInterval(() => {
  if (speaker.peers() < config.peers - 1) return;
  clearInterval(connected);
  setTimeout(() => tell({ type: 'connected' }), GRAFT_MS);
}, LOOK_MS);

/** Says things evenly spread over time; what the process was too busy to say in time it says as soon as it can. */
function publish(perSecond: number, seconds: number): void {
  const start = performance.now() + (1_000 / perSecond) * Math.random();
  const total = Math.round(perSecond * seconds);
  let said = 0;
  const turn = (): void => {
    const elapsed = performance.now() - start;
    const due = Math.min(total, Math.floor((elapsed / 1_000) * perSecond));
    for (; said < due; said += 1) speaker.say();
    // Woken when the next is due and no earlier: idle turns would take what the peers are measured for.
    if (said < total) setTimeout(turn, ((said + 1) / perSecond) * 1_000 - elapsed);
    else tell({ type: 'published' });
  };
  turn();
}

function collect(): void {
  tell({ type: 'collected', sent, got, cutOff: speaker.cutOff() });
  [sent, got] = [[], []];
}

process.on('message', (message: ToPeer) => {
  switch (message.type) {
    case 'publish':
      return publish(message.perSecond, message.seconds);
    case 'collect':
      return void setTimeout(collect, DRAIN_MS);
    case 'end':
      void speaker.close().finally(() => process.exit(0));
  }
});
process.on('disconnect', () => process.exit(0));
