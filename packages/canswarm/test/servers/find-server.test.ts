import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findServer, ServerMissing } from '../../src/index.ts';

interface Machine {
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  /** Puts a program there that says this. */
  place(path: string, says: string): void;
}

function machine(): Machine {
  const root = mkdtempSync(join(tmpdir(), 'canswarm-servers-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return {
    root,
    env: { PATH: [join(root, 'one'), join(root, 'two')].join(':'), CANSWARM_SERVERS: join(root, 'servers') },
    place(path, says) {
      const file = join(root, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `#!/bin/sh\necho '${says}'\n`, { mode: 0o755 });
    },
  };
}

const missing = async (env: Readonly<Record<string, string>>): Promise<ServerMissing> => {
  const error: unknown = await findServer('etcd', env).catch((thrown: unknown) => thrown);
  if (!(error instanceof ServerMissing)) throw new Error('it was found');
  return error;
};

describe('findServer', () => {
  it('takes the first program on the path that is new enough', async () => {
    const { root, env, place } = machine();
    place('one/etcd', 'etcd Version: 3.4.23');
    place('two/etcd', 'etcd Version: 3.10.1');
    expect(await findServer('etcd', env)).toEqual({
      name: 'etcd',
      path: join(root, 'two/etcd'),
      version: '3.10.1',
      origin: 'path',
    });
  });

  it('prefers what was installed to the path, and what is named to both', async () => {
    const { root, env, place } = machine();
    place('one/etcd', 'etcd Version: 3.6.0');
    place('servers/etcd/bin/etcd', 'etcd Version: 3.5.0');
    place('own/my-etcd', 'etcd Version: 3.7.3');
    expect(await findServer('etcd', env)).toMatchObject({ version: '3.5.0', origin: 'installed' });
    const named = { ...env, CANSWARM_ETCD: join(root, 'own/my-etcd') };
    expect(await findServer('etcd', named)).toMatchObject({ version: '3.7.3', origin: 'named' });
  });

  it('says what it found instead, and what to do', async () => {
    const { root, env, place } = machine();
    expect((await missing(env)).message).toBe('etcd 3.5.0 or newer is not installed here');
    place('one/etcd', 'etcd Version: 3.4.23');
    place('two/etcd', 'hello');
    const { message, hint } = await missing(env);
    expect(message).toContain(`${join(root, 'one/etcd')}, which is 3.4.23`);
    expect(message).toContain(`${join(root, 'two/etcd')}, which does not say what version of etcd it is`);
    expect(hint).toContain('npm run install-servers -- etcd');
  });

  it('refuses a named program that will not do, rather than take another', async () => {
    const { root, env, place } = machine();
    place('one/etcd', 'etcd Version: 3.6.0');
    const { message } = await missing({ ...env, CANSWARM_ETCD: join(root, 'nothing') });
    expect(message).toContain(`CANSWARM_ETCD names ${join(root, 'nothing')}`);
  });
});
