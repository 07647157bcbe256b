import { connect, type NetConnectOpts } from 'node:net';

/** What came back from one throw of bytes at a door. */
export interface Answer {
  /** Status of the first answer; null when there was none. */
  readonly status: number | null;
  readonly headers: string;
  readonly body: string;
}

/** Longest wait for more of an answer, ms: what is left open is left by whoever threw it. */
const QUIET_MS = 250;
const CHARS_MAX = 4_000_000;

/** Throws bytes at a door and takes what comes back, until the answer is whole, the door closes or nothing more comes. */
export function throwAt(door: NetConnectOpts, bytes: Uint8Array): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = connect(door, () => socket.write(bytes));
    let text = '';
    const done = (): void => {
      socket.destroy();
      resolve(answerOf(text));
    };
    socket.setTimeout(QUIET_MS, done);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (isWhole(text) || text.length > CHARS_MAX) done();
    });
    socket.on('error', done);
    socket.on('close', done);
  });
}

/** The first answer that is one: 100 only asks for the body. */
function answerOf(said: string): Answer {
  const text = said.replace(/^(?:HTTP\/1\.1 100 Continue\r\n\r\n)+/, '');
  const [, status] = /^HTTP\/1\.1 ([0-9]{3}) /.exec(text) ?? [];
  const end = text.indexOf('\r\n\r\n');
  const headers = end < 0 ? text : text.slice(0, end);
  return { status: status === undefined ? null : Number(status), headers, body: end < 0 ? '' : text.slice(end + 4) };
}

/** Whether the first answer is whole, as its headers say. */
function isWhole(text: string): boolean {
  const { status, headers, body } = answerOf(text);
  if (status === null || !text.includes('\r\n\r\n')) return false;
  const [, length] = /^content-length: ([0-9]+)$/im.exec(headers) ?? [];
  if (length !== undefined) return body.length >= Number(length);
  return /^transfer-encoding: chunked$/im.test(headers) ? body.endsWith('0\r\n\r\n') : status === 204;
}
