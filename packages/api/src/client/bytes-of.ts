import { ApiError } from './api-error.ts';
import type { ByteStream } from './caller.ts';

/** All bytes of an answer. Rejects with an ApiError `answer_broken` for more than `bytesMax`, without reading them. */
export async function bytesOf(stream: ByteStream, bytesMax: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if ((stream.size ?? 0) > bytesMax) throw tooMuch(stream, bytesMax);
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > bytesMax) throw tooMuch(stream, bytesMax);
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function tooMuch(stream: ByteStream, bytesMax: number): ApiError {
  stream.cancel();
  return new ApiError(200, 'answer_broken', `the answer has more than ${bytesMax} bytes`, '');
}
