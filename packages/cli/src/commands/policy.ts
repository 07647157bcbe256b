import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../failure.ts';
import { HOME_OPTION, type HomeFlags, openHomeFor, PASSPHRASE_OPTION } from '../home/home-options.ts';
import type { Io } from '../io.ts';
import { loadCanswarm } from '../load.ts';
import { onNode } from '../money/own-key.ts';
import { actingNode, canInvite } from '../network/acting-node.ts';
import { type NetworkFlags, openNetwork } from '../network/open-network.ts';
import { conformanceText, diffText, factsText, testsText } from '../policy/policy-text.ts';
import { report } from '../report.ts';
import { safe } from '../text.ts';
import { examples, JSON_OPTION, type Register } from './command.ts';

interface Flags {
  readonly json?: boolean;
}

type Act = (io: Io, folder: string, options: Flags) => Promise<ExitCode>;

const FOLDER = ['<folder>', 'the folder of the policy'] as const;

export const policyCommand: Register = (program, io, done) => {
  const policy = program
    .command('policy')
    .summary('make, test and compare policies')
    .description(
      'A policy says which envelopes are allowed, and why not. It is written in Rego, compiled by OPA, and becomes a capsule: the module, its parameters, its gas and a vector of decisions under one CID. Only building changed Rego and running its tests need OPA.',
    )
    .addHelpText('after', examples('policy init my-policy', 'policy build my-policy', 'policy test my-policy --json'));
  const add = (name: string, summary: string, act: Act): Command =>
    policy
      .command(name)
      .summary(summary)
      .argument(...FOLDER)
      .option(...JSON_OPTION)
      .addHelpText('after', examples(`policy ${name} my-policy`, `policy ${name} my-policy --json`))
      .action(async (folder: string, options: Flags) => done(await act(io, folder, options)));
  add('init', 'copy the base policy, to be changed', init);
  add('build', 'compile a policy and decide its cases', build);
  add('test', 'decide the cases of a policy, and run its tests in Rego', test);
  add('inspect', 'what a built policy is', inspect);
  add('conformance', 'whether this machine decides as the policy says, gas included', conformance);
  policy
    .command('diff')
    .summary('how two built policies differ, and what they decide otherwise')
    .argument('<before>', 'the folder of the one')
    .argument('<after>', 'the folder of the other')
    .option(...JSON_OPTION)
    .addHelpText('after', examples('policy diff policy-1 policy-2', 'policy diff policy-1 policy-2 --json'))
    .action(async (before: string, after: string, options: Flags) => done(await diff(io, before, after, options)));
  policy
    .command('sign')
    .summary('sign a built policy with a key of this home')
    .argument(...FOLDER)
    .requiredOption('--key <name>', 'the key that answers for it')
    .option(...HOME_OPTION)
    .option(...PASSPHRASE_OPTION)
    .option(...JSON_OPTION)
    .addHelpText('after', examples('policy sign my-policy --key acme', 'policy sign my-policy --key acme --json'))
    .action(async (folder: string, options: SignFlags) => done(await sign(io, folder, options)));
  publishCommand(policy, io, done);
};

/** Kept apart: only this speaks to a running node. */
const publishCommand: Register = (policy, io, done) => {
  onNode(
    policy
      .command('publish')
      .summary('have a policy hold in the network')
      .description(
        'Has the authority of the network, whose key is with the node that made it, say that a built and signed policy holds from the next entry on, for everybody. What was signed before and is not in the log yet is refused there, and has to be said again. Of the policy that holds already it says so, and changes nothing.',
      )
      .argument(...FOLDER),
  )
    .addHelpText('after', examples('policy publish my-policy', 'policy publish my-policy --json'))
    .action(async (folder: string, options: NetworkFlags) => done(await publish(io, folder, options)));
};

interface SignFlags extends HomeFlags {
  readonly key: string;
}

async function init(io: Io, folder: string, { json = false }: Flags): Promise<ExitCode> {
  const { initPolicy } = await loadCanswarm();
  const files = initPolicy(folder);
  const next = `Change its Rego, parameters.json and cases.json, then: canswarm policy build ${safe(folder)}`;
  report(io, json, { folder, files }, () => `${safe(folder)} holds the base policy.\n${next}`);
  return EXIT.ok;
}

async function build(io: Io, folder: string, { json = false }: Flags): Promise<ExitCode> {
  const { buildPolicy } = await loadCanswarm();
  const built = await buildPolicy(folder, io.env);
  report(
    io,
    json,
    built,
    () => `${built.cid}\n${built.wasmBytes} bytes; ${built.cases} cases are decided as they say.`,
  );
  return EXIT.ok;
}

async function test(io: Io, folder: string, { json = false }: Flags): Promise<ExitCode> {
  const { testPolicy } = await loadCanswarm();
  const tests = await testPolicy(folder, io.env);
  const { cases, rego } = tests;
  const ok = cases.every(({ allow, decision }) => decision.allow === allow) && (rego?.failed.length ?? 0) === 0;
  report(io, json, { ok, ...tests }, () => testsText(io, tests));
  return ok ? EXIT.ok : EXIT.untrue;
}

async function inspect(io: Io, folder: string, { json = false }: Flags): Promise<ExitCode> {
  const { inspectPolicy } = await loadCanswarm();
  const facts = await inspectPolicy(folder);
  report(io, json, facts, () => factsText(facts));
  return facts.conforms && facts.signature !== false ? EXIT.ok : EXIT.untrue;
}

async function conformance(io: Io, folder: string, { json = false }: Flags): Promise<ExitCode> {
  const { checkConformance, openPolicy } = await loadCanswarm();
  const found = await checkConformance(openPolicy(folder));
  const ok = found.different.length === 0;
  report(io, json, { ok, ...found }, () => conformanceText(found));
  return ok ? EXIT.ok : EXIT.untrue;
}

async function diff(io: Io, before: string, after: string, { json = false }: Flags): Promise<ExitCode> {
  const { diffPolicies } = await loadCanswarm();
  const found = await diffPolicies(before, after);
  const same = found.decisions.length === 0 && found.fields.length === 0;
  report(io, json, { same, ...found }, () => diffText(found));
  return same ? EXIT.ok : EXIT.untrue;
}

async function sign(io: Io, folder: string, options: SignFlags): Promise<ExitCode> {
  const canswarm = await loadCanswarm();
  const signed = await canswarm.signPolicy(folder, openHomeFor(io, canswarm, options), options.key);
  report(io, options.json === true, signed, () => `${signed.author} signed ${signed.cid}`);
  return EXIT.ok;
}

async function publish(io: Io, folder: string, options: NetworkFlags): Promise<ExitCode> {
  const { publishedPolicy, storeVector } = await loadCanswarm();
  const body = publishedPolicy(folder);
  const client = await actingNode(await openNetwork(io, options), options, canInvite);
  await storeVector(client, folder);
  const taken = await client.publishPolicy({ body }, { signal: io.signal });
  report(io, options.json === true, taken, () => {
    const { id, epoch, position, capsule } = taken;
    if (id === null) {
      const since = position === 0 ? 'since the network began' : `since entry ${position}`;
      return `This policy holds already, ${since} (epoch ${epoch}): nothing was published and nothing changed\n${capsule}`;
    }
    return `Epoch ${epoch} began with entry ${position}: what comes after it has to pass\n${capsule}\nSee: canswarm explain ${position}`;
  });
  return EXIT.ok;
}
