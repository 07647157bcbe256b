/**
 * A process that uses a home: `open HOME KEY` opens a key and keeps it until it is killed, `forget HOME KEY` also drops every
 * reference to it, `make HOME KEY` makes one. Says one line: `ok`, or the code of the error.
 */
import { HomeError, openHome } from '../../src/home/index.ts';

const [, , what, path = '', name = ''] = process.argv;
const home = openHome({ path, env: {} });
try {
  if (what === 'make') {
    await home.keys.create({ name, kind: 'agent', of: null, protection: async () => 'machine' });
  } else {
    const kept = [await home.keys.open(name)];
    setInterval(() => kept.length, 1_000);
    if (what === 'forget') kept.pop();
    // A turn later nothing of the call that opened it is on the stack.
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc?.();
  }
  console.log('ok');
} catch (error) {
  console.log(error instanceof HomeError ? error.code : String(error));
}
