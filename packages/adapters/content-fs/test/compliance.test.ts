import { open as openFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContentStore } from '@canswarm/ports';
import { contentStoreCompliance, realWorld } from '@canswarm/ports/compliance';
import type { Cid } from '@canswarm/protocol';
import { sha256 } from '../src/check-block.ts';
import { contentFs } from '../src/index.ts';
import { temporaryFolder } from './folder.ts';

async function changeAByte(path: string): Promise<void> {
  const file = await openFile(path, 'r+');
  const byte = new Uint8Array(1);
  await file.read(byte, 0, 1, 3);
  await file.write(Uint8Array.of((byte[0] ?? 0) ^ 1), 0, 1, 3);
  await file.close();
}

for (const sync of [false, true]) {
  contentStoreCompliance(`contentFs with sync ${sync}`, async () => {
    const { dir, remove } = temporaryFolder();
    const opened: ContentStore[] = [];
    const open = async (): Promise<ContentStore> => {
      const store = await contentFs({ dir: join(dir, 'inner'), sync, graceMs: 0 });
      opened.push(store);
      return store;
    };
    const dispose = async (): Promise<void> => {
      await Promise.all(opened.map((store) => store.close()));
      await remove();
    };
    const tamper = (cid: Cid): Promise<void> => changeAByte(join(dir, 'inner', 'blocks', cid.slice(-2, -1), cid));
    return { ...realWorld(dispose), content: await open(), sha256, tamper, reopen: open };
  });
}
