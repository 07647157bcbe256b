import { join } from 'node:path';
import {
  clockCompliance,
  complianceSkillsUrl,
  randomCompliance,
  realWorld,
  signerCompliance,
  skillRunnerCompliance,
  storeCompliance,
} from '@canswarm/ports/compliance';
import {
  nodeCrypto,
  sha256,
  softwareSigner,
  sqliteStore,
  systemClock,
  systemRandom,
  threadRunner,
} from '../src/index.ts';
import { open } from './fixtures/folder-content.ts';
import { temporaryFolder } from './folder.ts';

const nothing = async (): Promise<void> => {};

clockCompliance('systemClock', () => ({ ...realWorld(nothing), clock: systemClock() }));

randomCompliance('systemRandom', () => ({ ...realWorld(nothing), random: systemRandom(), again: null }));

signerCompliance('softwareSigner', () => {
  const signer = softwareSigner(new Uint8Array(32).fill(5));
  return { ...realWorld(nothing), signer, verify: nodeCrypto().verify };
});

storeCompliance('sqliteStore', () => {
  const { dir, remove } = temporaryFolder();
  const path = join(dir, 'inner', 'store.sqlite');
  const store = sqliteStore({ path });
  const dispose = async (): Promise<void> => {
    store.close();
    await remove();
  };
  return { ...realWorld(dispose), store, reopen: () => sqliteStore({ path }) };
});

skillRunnerCompliance('threadRunner', () => {
  const { dir, remove } = temporaryFolder();
  const runner = threadRunner({
    skillModule: complianceSkillsUrl,
    contentModule: new URL('./fixtures/folder-content.ts', import.meta.url).href,
    contentOptions: dir,
    threads: 2,
    memoryMiB: 64,
  });
  const dispose = async (): Promise<void> => {
    await runner.close();
    await remove();
  };
  return { ...realWorld(dispose), runner, content: open(dir), sha256, isolated: true };
});
