import { z } from 'zod';
import { named } from './named.ts';
import { cid, count } from './scalars.ts';

export const storedFile = named(
  'StoredFile',
  z
    .object({ cid, size: count.describe('Bytes; with the CID it names the file.') })
    .describe('A file in the content store: UnixFS over leaves of 16 KiB.'),
);

export const storedBlocks = named(
  'StoredBlocks',
  z.object({ roots: z.array(cid), blocks: count.describe('Blocks of the CAR file.') }),
);
