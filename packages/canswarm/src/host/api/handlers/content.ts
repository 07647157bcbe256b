import type { Chunks } from '@canswarm/api';
import { importCar } from '@canswarm/content-fs';
import { CONTENT_BLOCK_BYTES_MAX, type ContentStore } from '@canswarm/ports';
import { buildFile, type Cid, type FileRef, LEAF_BYTES, parseCid, readRange, withBlocks } from '@canswarm/protocol';
import { Gate } from '../gate.ts';
import type { ApiHandlers, ApiOptions } from '../handler-types.ts';
import { Problem } from '../http/problem.ts';
import { wholeBody } from '../http/request-body.ts';
import { piecesOf } from '../http/streams.ts';

/** Bodies that are held at once, each of at most 64 MiB, twice while its blocks are made. */
const UPLOADS_MAX = 2;
/** Bytes of a file that are read at once. */
const WINDOW_BYTES = 16 * LEAF_BYTES;

/** Files and blocks by CID. */
export function contentHandlers({
  parts: { content, crypto },
}: ApiOptions): Pick<ApiHandlers, 'putFile' | 'getFile' | 'getBlock' | 'putBlocks'> {
  const uploads = new Gate(UPLOADS_MAX, 'uploads');
  return {
    putFile: ({ body }) =>
      uploads.pass(async () => {
        const { cid, size, blocks } = buildFile(await wholeBody(body), crypto.sha256);
        await content.putBlocks(blocks);
        return { cid, size };
      }),
    async getFile({ cid, size, deadlineMs }) {
      const file = { cid: cidOf(cid), size };
      // Its beginning is read before anything is answered: most of what can be wrong shows there.
      const beginning = await readWindow(content, file, 0, deadlineMs);
      return { size, chunks: restOf(content, file, beginning, deadlineMs) };
    },
    async getBlock({ cid, deadlineMs }) {
      const bytes = await content.get(cidOf(cid), { deadlineMs, maxBytes: CONTENT_BLOCK_BYTES_MAX });
      return { size: bytes.length, chunks: piecesOf(bytes) };
    },
    putBlocks: ({ body }) =>
      uploads.pass(async () => {
        const car = await importCar(content, await wholeBody(body));
        if (car.ok) return { roots: car.roots, blocks: car.blocks.length };
        const why = 'reason' in car ? car.reason : car.code === 'block' ? `block ${car.index} is another` : car.code;
        throw new Problem('malformed', `this CAR file is not taken: ${why}`, 'See GET /v1/openapi.json');
      }),
  };
}

function cidOf(text: string): Cid {
  const cid = parseCid(text);
  if (cid === undefined) throw new Problem('malformed', 'path cid: it is no CID of this network');
  return cid;
}

async function readWindow(
  content: ContentStore,
  file: FileRef,
  start: number,
  deadlineMs: number,
): Promise<Uint8Array> {
  const other = new Problem(
    'refused',
    `${file.cid} is no file of ${file.size} bytes`,
    'Give the size that storing it gave.',
  );
  const end = Math.min(file.size, start + WINDOW_BYTES);
  const limits = { deadlineMs, maxBytes: CONTENT_BLOCK_BYTES_MAX };
  if (file.size === 0) {
    const bytes = await content.get(file.cid, limits);
    if (bytes.length === 0) return bytes;
    throw other;
  }
  const { result } = await withBlocks(
    (get) => readRange(file, start, end, get),
    (cid) => content.get(cid, limits),
  );
  if (result.status === 'found') return result.bytes;
  throw other;
}

async function* restOf(content: ContentStore, file: FileRef, beginning: Uint8Array, deadlineMs: number): Chunks {
  yield* piecesOf(beginning);
  for (let at = beginning.length; at < file.size; at += WINDOW_BYTES) {
    yield* piecesOf(await readWindow(content, file, at, deadlineMs));
  }
}
