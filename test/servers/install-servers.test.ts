import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PINS } from '../../scripts/servers/pins.ts';

const SCRIPT = join(import.meta.dirname, '../../scripts/install-servers.ts');
const [OPA] = PINS.opa.modules;

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** How often Go was called. */
  readonly calls: number;
  readonly installed: readonly string[];
}

/** Runs the script on a machine whose Go gives modules with this hash and builds programs that say `says`. */
function machine(sum: string, says: string): (...args: readonly string[]) => Run {
  const root = mkdtempSync(join(tmpdir(), 'canswarm-install-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const [go, calls, servers] = [join(root, 'bin/go'), join(root, 'calls'), join(root, 'servers')];
  mkdirSync(dirname(go));
  writeFileSync(calls, '');
  const lines = [
    '#!/bin/sh',
    `echo "$@" >> '${calls}'`,
    'case "$1" in',
    'env) echo go1.26.1 ;;',
    `mod) echo '{ "Sum": "${sum}" }' ;;`,
    `build) mkdir -p "$(dirname "$5")"; printf '#!/bin/sh\\necho %s\\n' "'${says}'" > "$5"; chmod 755 "$5" ;;`,
    'esac',
  ];
  writeFileSync(go, `${lines.join('\n')}\n`, { mode: 0o755 });
  const path = `${dirname(go)}${delimiter}/usr/bin${delimiter}/bin`;
  return (...args) => {
    const env = { PATH: path, CANSWARM_SERVERS: servers };
    const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], { env, encoding: 'utf8' });
    const installed = existsSync(servers) ? readdirSync(servers) : [];
    return { status, stdout, stderr, calls: readFileSync(calls, 'utf8').split('\n').length - 1, installed };
  };
}

describe('install-servers', () => {
  it('builds what is not there, and nothing the next time', () => {
    const run = machine(OPA?.sum ?? '', 'Version: 1.22.3');
    expect(run('opa', '--check')).toMatchObject({ status: 1, calls: 0, installed: [] });
    const first = run('opa', '--json');
    expect(first).toMatchObject({ status: 0, installed: ['opa'] });
    expect(JSON.parse(first.stdout)).toMatchObject({ ok: true, servers: [{ version: '1.22.3', built: true }] });
    const second = run('opa', '--json');
    expect(second.calls).toBe(first.calls);
    expect(JSON.parse(second.stdout)).toMatchObject({ ok: true, servers: [{ origin: 'installed', built: false }] });
  });

  it('installs nothing of a module that is not what was pinned', () => {
    const { status, stderr, installed } = machine('h1:somethingElse=', 'Version: 1.22.3')('opa');
    expect({ status, installed }).toEqual({ status: 1, installed: [] });
    expect(stderr).toContain('has the hash h1:somethingElse=');
  });

  it('says when what it built is not the server', () => {
    const { status, stderr } = machine(OPA?.sum ?? '', 'Version: 0.1.0')('opa');
    expect(status).toBe(1);
    expect(stderr).toContain('which is 0.1.0');
  });

  it('refuses servers that it does not know, and shows how it is used', () => {
    const { status, stderr } = machine('', '')('mysql');
    expect(status).toBe(2);
    expect(stderr).toContain('there is no server "mysql": etcd, opa, nats, kubo');
  });
});
