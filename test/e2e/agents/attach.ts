import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hireOn, type WorkEvent } from '@canswarm/agent';
import { ApiDesk, NetworkFolder, NodeClient, offersAt, verifyProof, writeProof } from 'canswarm';
import type { Report, Suite } from '../suite.ts';
import { Talking, within } from './talking.ts';

const AGENT = fileURLToPath(new URL('./word-counter.ts', import.meta.url));
/** What a developer without TypeScript writes. */
const PROGRAM = `
import json, sys
asked = json.load(sys.stdin)
print("counting", file=sys.stderr)
print(json.dumps({"words": len(asked["input"]["text"].split())}))
`;
const JUDGE = 'export default ({ output }: { output: { words: number } }) => output.words > 0;';
const EXAMPLE = '{"input":{"text":"to be"},"output":{"words":2}}';
const DONE_MS = 120_000;

/**
 * Agents of two organisations in processes of their own, one a file, one a Python program, compete for what a third organisation hires:
 * the cheaper wins; when its process is killed in mid-work the other finishes.
 */
export const attach: Suite = {
  name: 'attach',
  async run(_size, report) {
    const folder = mkdtempSync(join(tmpdir(), 'canswarm-'));
    const processes: Talking[] = [];
    const start = (...args: readonly string[]): Talking => {
      const made = new Talking([...args, '--home', join(folder, 'home')], folder);
      processes.push(made);
      return made;
    };
    try {
      await play(report, folder, start);
    } finally {
      await Promise.all(processes.reverse().map((one) => one.end('SIGTERM')));
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

type Start = (...args: readonly string[]) => Talking;

async function play(report: Report, folder: string, start: Start): Promise<void> {
  const { invitation } = await start('up', '--org', 'acme', '--json').object();
  await start('join', String(invitation), '--org', 'globex', '--json').object();
  const network = new NetworkFolder(join(folder, 'home'), 'local');
  const second = await new NodeClient(network.node('acme')).invite();
  await start('join', second.invitation, '--org', 'initech', '--json').object();

  const counter = start('agent', 'run', AGENT, '--node', 'acme', '--no-watch', '--json');
  const counterDid = String((await counter.object())['did']);
  const program = start(...execArgs(folder));
  const programDid = String((await program.object())['did']);

  const client = new NodeClient(network.node('initech'));
  const { agents } = await client.findAgents({ query: 'words' });
  const offers = agents.map(({ org, skills }) => `${org} ${skills[0]?.['price']}`).join(', ');
  report.check('both offers are found from a third organisation', offers === 'acme 200000, globex 300000', offers);

  const judged = agents.find(({ org }) => org === 'globex')?.skills[0]?.['verification'];
  const told = JSON.stringify(judged);
  report.check('a program tells how it is judged', /"mode":"check"/.test(told) && /"words":2/.test(told), told);

  const desk = new ApiDesk(client, offersAt(client));
  const hire = async (text: string, until?: string) => {
    const input = until === undefined ? { text } : { text, until };
    const work = await hireOn(desk, 'word-count', input, { budget: 3 });
    return { work, done: within(DONE_MS, work.result()) };
  };
  const until = join(folder, 'go');
  const first = await hire('to be or not to be', until);
  const said = await firstProgress(first.work);
  report.check('its progress is told to a third organisation', said === '1 of 2, counting', said);
  writeFileSync(until, '');
  report.check('the first result is right', JSON.stringify(await first.done) === '{"words":6}');
  const { worker } = await first.work.state();
  report.check('the cheaper wins', worker === counterDid, `${worker}`);
  await counter.says(/final, paid 0.2 credits/);
  report.check('it is told that it is paid', true);
  const proof = join(folder, 'hired/proof');
  writeProof(proof, await within(DONE_MS, first.work.proof()));
  const { ok, error } = await verifyProof(proof, {});
  report.check('its proof holds', ok, error?.sentence);

  const next = await hire('wait for it');
  await counter.says(/works on word-count[\s\S]*works on word-count/);
  const before = performance.now();
  await counter.end('SIGKILL');
  report.check('the result comes all the same', JSON.stringify(await next.done) === '{"words":3}');
  report.metric('attach.secondsAfterKill', Math.round((performance.now() - before) / 100) / 10);
  const runnerUp = (await next.work.state()).worker;
  report.check('the runner-up finishes', runnerUp === programDid, `${runnerUp}`);
  const lost: string[] = [];
  for await (const event of next.work)
    if (event.type === 'entry')
      for (const one of event.events) if (one.type === 'lease_lost') lost.push(`${one.reason} ${one.holder}`);
  report.check('the lease was given back, not waited for', lost.join() === `yielded ${counterDid}`, lost.join());
  await program.says(/info counting/);
  report.check('what a program says is told to its owner', true);
  const left = await client.findAgents({ query: '' });
  report.check('who is gone is not found any more', left.agents.map(({ did }) => did).join() === programDid);
  first.work.close();
  next.work.close();
}

async function firstProgress(work: AsyncIterable<WorkEvent>): Promise<string> {
  for await (const event of work)
    if (event.type === 'progress') return `${event.done} of ${event.total}, ${event.note}`;
  return 'none';
}

function execArgs(folder: string): readonly string[] {
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const input = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] };
  const output = { type: 'object', properties: { words: { type: 'integer' } }, required: ['words'] };
  const program = file('count.py', PROGRAM);
  return [
    ...['agent', 'exec', '--name', 'python-counter', '--skill', 'word-count', '--description', 'Counts words.'],
    ...['--price', '0.3', '--input-schema', file('in.json', JSON.stringify(input))],
    ...['--output-schema', file('out.json', JSON.stringify(output)), '--node', 'globex', '--json'],
    ...['--module', file('judge.ts', JUDGE), '--mode', 'check', '--example', file('example.json', EXAMPLE)],
    ...['--', 'python3', program],
  ];
}
