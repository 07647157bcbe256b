import { copyFileSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { PackedPackage } from '../../scripts/packing/tarballs.ts';
import type { Report } from '../e2e/suite.ts';
import { manifestIn } from './folder.ts';
import { install } from './installed-world.ts';
import { type Ended, lastLine, runCanswarm, runIn, type World } from './world.ts';

const ROOT = join(import.meta.dirname, '../..');
const QUESTION = 'How do I add a subcommand?';

/** Imports every package by its name. */
export async function useDoors(world: World, names: readonly string[], report: Report): Promise<void> {
  const program = `for (const name of ${JSON.stringify(names)}) {
    const exported = Object.keys(await import(name)).length;
    if (exported === 0) throw new Error(name + ' exports nothing');
  }`;
  const { exit, err } = await runIn(world, world.node, ['--input-type=module', '--eval', program]);
  report.check(`${world.name}: every package can be imported`, exit === 0, err);
}

/** Runs the command from a folder to a proof, and verifies it; the folder of the proof. */
export async function useCommand(world: World, report: Report): Promise<string> {
  const { version } = manifestIn(join(world.folder, 'node_modules/canswarm'));
  const said = await runCanswarm(world, ['--version']);
  report.check(`${world.name}: canswarm --version`, said.out.trim() === version, said.out + said.err);

  const docs = documentsIn(world);
  const brief = await runCanswarm(world, ['brief', docs, '--ask', QUESTION, '--out', 'brief-out', '--json']);
  const { statements, seconds } = lastLine(brief);
  const answered = brief.exit === 0 && typeof statements === 'number' && statements > 0;
  report.check(`${world.name}: canswarm brief`, answered, brief.err);
  if (typeof seconds === 'number') report.metric(`${world.name}BriefSeconds`, seconds);

  const proof = join(world.folder, 'brief-out/proof');
  const verify = await runCanswarm(world, ['verify', proof, '--json']);
  report.check(`${world.name}: canswarm verify`, verify.exit === 0 && lastLine(verify)['ok'] === true, verify.err);
  return proof;
}

/**
 * Type-checks a user's program against the published types, under strict and with declarations checked too, in both ways in
 * which TypeScript finds modules; then runs it on a proof.
 */
export async function useLibrary(world: World, proof: string, report: Report): Promise<void> {
  const { folder, node } = world;
  copyFileSync(join(import.meta.dirname, 'user/program.ts'), join(folder, 'program.ts'));
  for (const [module, moduleResolution] of [
    ['esnext', 'bundler'],
    ['nodenext', 'nodenext'],
  ]) {
    const typeRoots = [join(ROOT, 'node_modules/@types')];
    const compilerOptions = { strict: true, target: 'es2024', module, moduleResolution, typeRoots, types: ['node'] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));
    const checked = await runIn(world, join(ROOT, 'node_modules/.bin/tsc'), ['-p', '.']);
    report.check(
      `${world.name}: the types hold under ${moduleResolution}`,
      checked.exit === 0,
      checked.out + checked.err,
    );
  }
  const ran = await runIn(world, node, ['program.js', proof]);
  const { ok, altered } = lastLine(ran);
  report.check(`${world.name}: a program runs`, ran.exit === 0 && ok === true && altered === false, ran.out + ran.err);
}

/** Makes a project with `canswarm init`; its folder, with the same Node. */
async function initProject(world: World, folder: string, report: Report): Promise<World> {
  const made = await runCanswarm(world, ['init', folder, '--json']);
  const isMade = made.exit === 0 && lastLine(made)['name'] === basename(folder);
  report.check(`${world.name}: canswarm init ${basename(folder)}`, isMade, made.out + made.err);
  return { ...world, folder };
}

const passes = ({ exit, out }: Ended): boolean => exit === 0 && /^\S+ pass 2$/m.test(out) && /^\S+ fail 0$/m.test(out);

/** Makes a project of one's own beside the packages that are here and nothing else, and runs its test. */
export async function useProject(world: World, report: Report): Promise<void> {
  const project = await initProject(world, join(world.folder, 'my-agent'), report);
  const tested = await runIn(project, project.node, ['--test']);
  report.check(`${world.name}: the test of a new project passes`, passes(tested), tested.out + tested.err);
}

/** The same as its README says: the project installs what it needs, with the packed packages in place of the registry's. */
export async function useInstalledProject(
  world: World,
  packed: readonly PackedPackage[],
  report: Report,
): Promise<void> {
  const project = await initProject(world, join(dirname(world.folder), 'own-agent'), report);
  await install(
    project,
    packed.map(({ file }) => file),
  );
  const tested = await runIn(project, 'npm', ['test']);
  report.check(`${world.name}: npm test of a new project passes`, passes(tested), tested.out + tested.err);
  const typed = await runIn(project, 'npm', ['run', 'types']);
  report.check(`${world.name}: the types of a new project hold`, typed.exit === 0, typed.out + typed.err);
}

/** Two nodes in processes of their own: one asks, the other one answers. */
export async function useNetwork(world: World, report: Report): Promise<void> {
  const home = ['--home', join(world.folder, 'home'), '--json'];
  try {
    const up = await runCanswarm(world, ['up', '--org', 'acme', '--detach', ...home]);
    report.check(`${world.name}: canswarm up`, up.exit === 0, up.err);
    const invited = lastLine(await runCanswarm(world, ['invite', ...home]))['invitation'];
    const join = await runCanswarm(world, ['join', String(invited), '--org', 'globex', '--detach', ...home]);
    report.check(`${world.name}: canswarm join`, join.exit === 0, join.err);
    const post = ['need', 'post', documentsIn(world), '--ask', QUESTION, '--node', 'acme', '--wait'];
    const posted = await runCanswarm(world, [...post, ...home]);
    const met = posted.exit === 0 && lastLine(posted)['stage'] === 'final';
    report.check(`${world.name}: a need is met between two nodes`, met, posted.out + posted.err);
  } finally {
    const down = await runCanswarm(world, ['down', ...home]);
    report.check(`${world.name}: canswarm down`, down.exit === 0, down.err);
  }
}

/** Documents that are there with every install. */
function documentsIn({ folder }: World): string {
  return realpathSync(join(folder, 'node_modules/commander'));
}
