import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { POLICY_MODULE_BYTES_MAX } from '@canswarm/ports';
import { findServer, ServerMissing } from '../servers/find-server.ts';
import { PolicyFault } from './policy-fault.ts';

/** The OPA that policies are built with: another may compile the same Rego to other bytes, so to another capsule. */
const OPA_VERSION = '1.22.3';
/** The rule that decides, and so the first entrypoint. */
const ENTRYPOINT = 'canswarm/decision';

const DEADLINE_MS = 120_000;
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;
const BUNDLE_BYTES_MAX = 4 * POLICY_MODULE_BYTES_MAX;
const TAR_BLOCK = 512;

type Env = Readonly<Record<string, string | undefined>>;

/** The OPA of this machine. Rejects with PolicyFault when there is none, or another version. */
export async function findOpa(env: Env): Promise<string> {
  const todo = `Install OPA ${OPA_VERSION}: go install github.com/open-policy-agent/opa@v${OPA_VERSION}, and put it on the path or name it in CANSWARM_OPA.`;
  try {
    const { path, version } = await findServer('opa', env);
    if (version === OPA_VERSION) return path;
    const what = `the OPA here is ${version}, not ${OPA_VERSION}`;
    throw new PolicyFault('opa_version', what, `${path} compiles to other bytes.`, todo);
  } catch (cause) {
    if (!(cause instanceof ServerMissing)) throw cause;
    throw new PolicyFault('opa_missing', 'there is no OPA here', cause.message, todo, { cause });
  }
}

/** Compiles the Rego of a folder, but for its tests. Throws PolicyFault. */
export function compileRego(opa: string, folder: string): Uint8Array {
  const place = mkdtempSync(join(tmpdir(), 'canswarm-policy-'));
  try {
    const bundle = join(place, 'bundle.tar.gz');
    const ignored = ['*-test.rego', '*_test.rego', '*.json', '*.wasm', '*.md'].flatMap((pattern) => [
      '--ignore',
      pattern,
    ]);
    const flags = ['-t', 'wasm', '-e', ENTRYPOINT, '--prune-unused', ...ignored, '-o', bundle];
    const { status, stdout, stderr } = run(opa, ['build', ...flags, '.'], folder);
    if (status !== 0) throw failed(`${stderr}${stdout}`);
    const wasm = fileOfTar(gunzipSync(readFileSync(bundle), { maxOutputLength: BUNDLE_BYTES_MAX }), '/policy.wasm');
    if (wasm === undefined) throw failed('the bundle has no policy.wasm');
    return wasm;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

export interface RegoTests {
  readonly passed: number;
  readonly failed: readonly string[];
}

/** Runs the tests that are written in Rego. Throws PolicyFault when they cannot be run. */
export function testRego(opa: string, folder: string): RegoTests {
  const ignored = ['policy.json', 'cases.json', 'conformance.json', 'capsule.json'].flatMap((name) => [
    '--ignore',
    name,
  ]);
  const { stdout, stderr } = run(opa, ['test', '--format=json', ...ignored, '.'], folder);
  try {
    const all = JSON.parse(stdout) as readonly { name: string; package: string; fail?: boolean; error?: unknown }[];
    const bad = all.filter((one) => one.fail === true || one.error !== undefined);
    return { passed: all.length - bad.length, failed: bad.map((one) => `${one.package}.${one.name}`).sort() };
  } catch {
    throw failed(stderr || stdout);
  }
}

function failed(said: string): PolicyFault {
  const why = said.trim().split('\n').slice(0, 5).join('; ');
  return new PolicyFault(
    'opa_failed',
    `OPA refuses the policy: ${why}`,
    '',
    'Mend the Rego. OPA says more: opa check DIR',
  );
}

function run(program: string, flags: readonly string[], cwd?: string) {
  return spawnSync(program, flags, { cwd, encoding: 'utf8', timeout: DEADLINE_MS, maxBuffer: OUTPUT_BYTES_MAX });
}

/** A file of a tar archive. */
function fileOfTar(tar: Uint8Array, wanted: string): Uint8Array | undefined {
  const text = (start: number, length: number): string =>
    new TextDecoder().decode(tar.subarray(start, start + length)).replace(/\0.*$/s, '');
  for (let at = 0; at + TAR_BLOCK <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    if (text(at, 100) === wanted) return tar.slice(at + TAR_BLOCK, at + TAR_BLOCK + size);
    at += TAR_BLOCK * (1 + Math.ceil(size / TAR_BLOCK));
  }
  return undefined;
}
