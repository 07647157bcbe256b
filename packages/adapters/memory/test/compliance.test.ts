import {
  clockCompliance,
  complianceSkills,
  contentStoreCompliance,
  decisionLogCompliance,
  meterCompliance,
  randomCompliance,
  skillRunnerCompliance,
  storeCompliance,
  transportCompliance,
} from '@canswarm/ports/compliance';
import {
  inlineRunner,
  memoryContent,
  memoryHub,
  memoryLog,
  memoryMeter,
  memoryStore,
  seededRandom,
} from '../src/index.ts';
import { sha256, virtualWorld } from './world.ts';

const seed = Uint8Array.of(1, 2, 3);
const source = () => seededRandom(seed, sha256);

clockCompliance('virtualClock', () => virtualWorld());

randomCompliance('seededRandom', () => ({ ...virtualWorld(), random: source(), again: source }));

meterCompliance('memoryMeter', () => ({ ...virtualWorld(), meter: memoryMeter() }));

storeCompliance('memoryStore', () => ({ ...virtualWorld(), store: memoryStore(), reopen: null }));

contentStoreCompliance('memoryContent', () => ({
  ...virtualWorld(),
  content: memoryContent(sha256),
  sha256,
  tamper: null,
  reopen: null,
}));

transportCompliance('memoryHub', () => {
  const world = virtualWorld();
  const hub = memoryHub({ clock: world.clock, random: source() });
  return {
    ...world,
    connect: async (count) => Array.from({ length: count }, (_, i) => hub.endpoint(`e${i}`)),
  };
});

decisionLogCompliance('memoryLog', () => {
  const world = virtualWorld();
  return { ...world, log: memoryLog({ clock: world.clock, random: source(), sha256 }), second: null, reopen: null };
});

skillRunnerCompliance('inlineRunner', () => {
  const world = virtualWorld();
  const content = memoryContent(sha256);
  const runner = inlineRunner({ module: complianceSkills, content, clock: world.clock, random: source(), sha256 });
  return { ...world, runner, content, sha256, isolated: false };
});
