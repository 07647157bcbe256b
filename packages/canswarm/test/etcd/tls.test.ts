import { execFileSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EtcdError, type EtcdLogOptions, openEtcdLog } from '@canswarm/log-etcd';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesOf, collect, textOf } from './collect.ts';
import { ETCD, type EtcdHere, etcdHere, ownPrefix } from './etcd-here.ts';

/** Authorities and certificates of this test's own, made by openssl. */
class Authority {
  readonly #dir: string;
  readonly #name: string;

  constructor(dir: string, name: string) {
    this.#dir = dir;
    this.#name = name;
    openssl('req', '-x509', '-newkey', 'ed25519', '-nodes', '-days', '2', '-subj', `/CN=${name}`, ...this.#files(name));
  }

  get caFile(): string {
    return join(this.#dir, `${this.#name}.crt`);
  }

  issue(name: string, days = 2): { readonly certFile: string; readonly keyFile: string } {
    const path = (ending: string): string => join(this.#dir, `${name}.${ending}`);
    const [ca, key] = [this.caFile, join(this.#dir, `${this.#name}.key`)];
    openssl('req', '-newkey', 'ed25519', '-nodes', '-subj', `/CN=${name}`, '-keyout', path('key'), '-out', path('csr'));
    writeFileSync(path('ext'), 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n');
    openssl(
      'x509',
      '-req',
      '-in',
      path('csr'),
      '-CA',
      ca,
      '-CAkey',
      key,
      '-CAcreateserial',
      '-out',
      path('crt'),
      '-extfile',
      path('ext'),
      '-days',
      `${days}`,
    );
    return { certFile: path('crt'), keyFile: path('key') };
  }

  #files(name: string): readonly string[] {
    return ['-keyout', join(this.#dir, `${name}.key`), '-out', join(this.#dir, `${name}.crt`)];
  }
}

const openssl = (...args: readonly string[]): void => void execFileSync('openssl', [...args], { stdio: 'pipe' });

describe.skipIf(ETCD === null)('a real etcd that speaks TLS and asks for certificates', () => {
  const dir = mkdtempSync(join(tmpdir(), 'canswarm-tls-'));
  const ours = new Authority(dir, 'ours');
  const server = ours.issue('server');
  const client = ours.issue('client');
  let etcd: EtcdHere;

  const start = (certificate: typeof server): Promise<EtcdHere> => {
    const { certFile, keyFile } = certificate;
    const args = [
      `--cert-file=${certFile}`,
      `--key-file=${keyFile}`,
      '--client-cert-auth',
      `--trusted-ca-file=${ours.caFile}`,
    ];
    return etcdHere({ args, access: { tls: { caFile: ours.caFile, ...client } } });
  };
  beforeAll(async () => {
    etcd = await start(server);
  });
  afterAll(async () => {
    await etcd.dispose();
    rmSync(dir, { recursive: true, force: true });
  });

  const options = (tls: EtcdLogOptions['tls']): EtcdLogOptions => {
    return {
      endpoints: etcd.cluster.endpoints,
      prefix: ownPrefix(),
      patienceMs: 1_000,
      ...(tls === undefined ? {} : { tls }),
    };
  };
  const faultOf = async (tls: EtcdLogOptions['tls']): Promise<readonly [string, string]> => {
    const error: unknown = await openEtcdLog(options(tls)).catch((thrown: unknown) => thrown);
    if (!(error instanceof EtcdError)) throw new Error(`it says no fault of etcd: ${String(error)}`);
    return [error.fault, error.message];
  };

  it('keeps a log for who has a certificate', async () => {
    const log = await openEtcdLog(options({ caFile: ours.caFile, ...client }));
    await log.append('main', [bytesOf('a')]);
    expect((await collect(log, 1)).map(textOf)).toEqual(['a']);
    await log.close();
  });

  it('is not taken for the cluster when it is of an unknown authority', async () => {
    const other = new Authority(dir, 'other');
    for (const caFile of [undefined, other.caFile]) {
      const [fault, message] = await faultOf({ ...(caFile === undefined ? {} : { caFile }), ...client });
      expect(fault).toBe('certificate');
      expect(message).toContain('of an authority that is not trusted here');
    }
  });

  it('is not taken for the cluster when its certificate is for another host', async () => {
    const endpoints = etcd.cluster.endpoints.map((endpoint) => endpoint.replace('127.0.0.1', 'localhost'));
    const about = { ...options({ caFile: ours.caFile, ...client }), endpoints };
    const error: unknown = await openEtcdLog(about).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ fault: 'certificate', message: expect.stringContaining('for another host') });
  });

  it('refuses who has no certificate, one of another authority, or one that has expired', async () => {
    const strangers = new Authority(dir, 'strangers').issue('stranger');
    const expired = ours.issue('expired', -1);
    for (const own of [{}, strangers, expired]) {
      const [fault, message] = await faultOf({ caFile: ours.caFile, ...own });
      expect([fault, message]).toEqual(['certificate', expect.stringContaining('it refuses our certificate')]);
    }
  });

  it('says which file is not there', async () => {
    const [fault, message] = await faultOf({ caFile: join(dir, 'nothing.crt') });
    expect(fault).toBe('certificate');
    expect(message).toContain('nothing.crt');
  });

  it('tells when the cluster’s certificate has expired, and goes on by itself when it was renewed', async () => {
    const late = ours.issue('late', -1);
    const access = { tls: { caFile: ours.caFile, ...client } };
    const log = await openEtcdLog(options(access.tls));
    await log.append('main', [bytesOf('a')]);
    const good = ours.issue('good');
    renameSync(late.certFile, server.certFile);
    renameSync(late.keyFile, server.keyFile);
    const [member] = etcd.cluster.members;
    await member?.kill();
    member?.start();
    const problem = async (): Promise<string> => {
      const error: unknown = await log.append('main', [bytesOf('b')]).catch((thrown: unknown) => thrown);
      return error instanceof EtcdError ? error.message : '';
    };
    await expect.poll(problem, { timeout: 20_000 }).toContain('its certificate has expired');
    renameSync(good.certFile, server.certFile);
    renameSync(good.keyFile, server.keyFile);
    await log.append('main', [bytesOf('b')]);
    expect((await collect(log, 2)).map(textOf)).toEqual(['a', 'b']);
    await log.close();
  });
});
