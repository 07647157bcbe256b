import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { askHidden } from '../src/prompt.ts';
import { FakeSink } from './fake-io.ts';

/** Asks, and types the keys. */
async function asked(keys: string, signal = new AbortController().signal) {
  const [input, output] = [new PassThrough(), new FakeSink(true)];
  const answer = askHidden('Word: ', { input, output, signal });
  input.write(keys);
  return { answer: await answer.catch((error: unknown) => error), shown: output.text };
}

describe('a hidden question', () => {
  it.each([
    ['one word\r', 'one word'],
    ['ü 漢字\n', 'ü 漢字'],
    ['wrong\x7f\x7f\x7f\x7f\x7fright\r', 'right'],
    ['gone\x15kept\r', 'kept'],
    ['\r', ''],
  ])('takes %j as %j and shows nothing of it', async (keys, answer) => {
    expect(await asked(keys)).toEqual({ answer, shown: 'Word: \n' });
  });

  it('ends at Ctrl-C, and at the end of the input', async () => {
    expect((await asked('half\x03')).answer).toMatchObject({ exit: 130, code: 'interrupted' });
    expect((await asked('\x04')).answer).toMatchObject({ exit: 2, code: 'no_answer' });
  });

  it('ends when the command is interrupted', async () => {
    const controller = new AbortController();
    const answer = asked('', controller.signal);
    controller.abort();
    expect((await answer).answer).toMatchObject({ exit: 130 });
  });
});
