import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { EXIT, main } from '../src/index.ts';
import { fakeIo, lastJson } from './fake-io.ts';
import { HomeNetwork, LONG_MS } from './home-network.ts';

const place = mkdtempSync(join(tmpdir(), 'canswarm-policy-test-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

const BASE_CASES = join(import.meta.dirname, '../../../policies/base/cases.json');
const { length: CASES } = (JSON.parse(readFileSync(BASE_CASES, 'utf8')) as { cases: readonly unknown[] }).cases;
const NO_OPA = { CANSWARM_OPA: join(place, 'no-opa') };

async function policy(...argv: readonly string[]) {
  const io = fakeIo({ env: NO_OPA });
  const exit = await main(['policy', ...argv], io);
  return { exit, out: io.out.text, err: io.err.text, json: () => lastJson(io) };
}

/** A copy of the base policy. */
async function copied(name: string): Promise<string> {
  const folder = join(place, name);
  expect((await policy('init', folder)).exit).toBe(EXIT.ok);
  return folder;
}

function edit(folder: string, file: string, from: string | RegExp, to: string): void {
  const path = join(folder, file);
  const before = readFileSync(path, 'utf8');
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
}

describe('policy', () => {
  it('copies the base policy into an empty folder only', async () => {
    const folder = await copied('init');
    const again = await policy('init', folder, '--json');
    expect([again.exit, again.json()]).toMatchObject([EXIT.usage, { error: { code: 'folder' } }]);
  });

  it('decides the cases, and says which rule decided', async () => {
    const folder = await copied('test');
    const { exit, out } = await policy('test', folder);
    expect(exit).toBe(EXIT.ok);
    expect(out).toContain(
      'ok   an envelope that is too large\n     denied by sizes: envelope_too_large (bytes 65537, limit 65536)',
    );
    expect(out).toContain('allowed by verbs: granted (role verifier, verb ATTEST)');
    expect(out).toContain('The tests in Rego were not run: there is no OPA here');
    edit(folder, 'cases.json', '"allow": false', '"allow": true');
    const wrong = await policy('test', folder, '--json');
    expect(wrong.exit).toBe(EXIT.untrue);
    expect(wrong.json()).toMatchObject({ ok: false, rego: null });
  });

  it('tells what a capsule is, and that it decides here as it says', async () => {
    const folder = await copied('inspect');
    const { exit, json } = await policy('inspect', folder, '--json');
    expect([exit, json()]).toMatchObject([EXIT.ok, { author: null, signature: null, conforms: true, cases: CASES }]);
    const checked = await policy('conformance', folder, '--json');
    expect([checked.exit, checked.json()]).toMatchObject([EXIT.ok, { ok: true, cases: CASES, different: [] }]);
  });

  it('refuses a capsule whose files are others', async () => {
    for (const [file, change] of [
      ['sizes.rego', '\n# changed\n'],
      ['policy.wasm', '\0'],
      ['conformance.json', ' '],
    ] as const) {
      const folder = await copied(`stale-${file}`);
      appendFileSync(join(folder, file), change);
      const { exit, json } = await policy('conformance', folder, '--json');
      expect([exit, json()]).toMatchObject([EXIT.untrue, { error: { code: 'stale' } }]);
    }
    const changed = await copied('stale-parameters');
    edit(changed, 'parameters.json', '"*": 65536,', '"*": 65537,');
    expect((await policy('inspect', changed, '--json')).json()).toMatchObject({ error: { code: 'stale' } });
    const folder = await copied('malformed');
    edit(folder, 'capsule.json', '"v":1', '"v":2');
    expect((await policy('inspect', folder, '--json')).json()).toMatchObject({ error: { code: 'malformed' } });
  });

  it('compares what two policies decide', async () => {
    const [one, other] = [await copied('diff-1'), await copied('diff-2')];
    expect(await policy('diff', one, other)).toMatchObject({ exit: EXIT.ok, out: 'They are the same capsule.\n' });
    edit(other, 'parameters.json', '"*": 65536,', '"*": 65537,');
    edit(other, 'capsule.json', '"bytes":{"*":65536,', '"bytes":{"*":65537,');
    const { exit, out } = await policy('diff', one, other);
    expect(exit).toBe(EXIT.untrue);
    expect(out).toContain('parameters.sizes.bytes.*\n  - 65536\n  + 65537');
    expect(out).toContain('an envelope that is too large\n  - denied by sizes: envelope_too_large');
    expect(out).toContain(`${CASES} inputs were decided by both, 1 otherwise:`);
  });

  it('is signed by a key of the home', async () => {
    const [folder, home] = [await copied('sign'), join(place, 'home')];
    expect(await main(['key', 'new', 'author', '--no-passphrase', '--home', home], fakeIo())).toBe(EXIT.ok);
    const signed = await policy('sign', folder, '--key', 'author', '--home', home, '--json');
    const { author, cid } = signed.json() as { readonly author: string; readonly cid: string };
    expect((await policy('inspect', folder, '--json')).json()).toMatchObject({ author, cid, signature: true });
    edit(folder, 'capsule.json', '"gas":50000000', '"gas":50000001');
    const forged = await policy('inspect', folder, '--json');
    expect([forged.exit, forged.json()]).toMatchObject([EXIT.untrue, { signature: false }]);
  });

  it('is published only when somebody signed it, and truly', async () => {
    const [folder, home] = [await copied('publish'), join(place, 'publisher')];
    const unsigned = await policy('publish', folder, '--home', home, '--json');
    expect([unsigned.exit, unsigned.json()]).toMatchObject([EXIT.untrue, { error: { code: 'unsigned' } }]);
    expect(await main(['key', 'new', 'author', '--no-passphrase', '--home', home], fakeIo())).toBe(EXIT.ok);
    await policy('sign', folder, '--key', 'author', '--home', home);
    // Signed, so that only a network lacks.
    expect((await policy('publish', folder, '--home', home, '--json')).json()).toMatchObject({
      error: { code: 'network_missing' },
    });
    edit(folder, 'capsule.json', '"gas":50000000', '"gas":50000001');
    expect((await policy('publish', folder, '--home', home, '--json')).json()).toMatchObject({
      error: { code: 'unsigned' },
    });
  });

  it('is none where a network is to have none, which is said', { timeout: LONG_MS }, async () => {
    const network = new HomeNetwork('no-policy');
    onTestFinished(() => network.remove(), LONG_MS);
    expect(await network.up('--policy', 'none')).toMatch(/^it has no policy: .* canswarm policy publish$/m);
  });

  it('is built without OPA where only parameters and cases changed', async () => {
    const folder = await copied('parameters');
    const before = readFileSync(join(folder, 'capsule.json'), 'utf8');
    edit(folder, 'parameters.json', '"agent": 0', '"agent": 1');
    expect((await policy('build', folder)).exit).toBe(EXIT.ok);
    expect(readFileSync(join(folder, 'capsule.json'), 'utf8')).not.toBe(before);
    expect((await policy('conformance', folder)).exit).toBe(EXIT.ok);
    edit(folder, 'cases.json', '"allow": true', '"allow": false');
    expect((await policy('build', folder, '--json')).json()).toMatchObject({ error: { code: 'case' } });
  });

  it('needs OPA to be built of changed Rego, and says so', async () => {
    const changed = await copied('build');
    appendFileSync(join(changed, 'sizes.rego'), '\n# changed\n');
    const { exit, err, json } = await policy('build', changed, '--json');
    expect([exit, json()]).toMatchObject([EXIT.environment, { error: { code: 'opa_missing' } }]);
    expect(err).toContain('go install github.com/open-policy-agent/opa@v1.22.3');
    expect((await policy('test', join(place, 'nowhere'), '--json')).exit).toBe(EXIT.usage);
  });
});
