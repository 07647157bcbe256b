import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { CliFailure, EXIT, type ExitCode } from '../failure.ts';
import { projectFiles } from '../init/project.ts';
import type { Io } from '../io.ts';
import { report } from '../report.ts';
import { indent, safe } from '../text.ts';
import { examples, JSON_OPTION, type Register } from './command.ts';

/** As agents are named, and short enough for the name of its verifier. */
const NAME = /^[a-z0-9](?:[a-z0-9-]{0,20}[a-z0-9])?$/;
const NAME_USUAL = 'my-agent';

export const initCommand: Register = (program, io, done) => {
  program
    .command('init')
    .summary('make a project for an agent of your own')
    .description(
      'Writes a small TypeScript project: an agent, its check, a verifier, a test. The folder must be empty.',
    )
    .argument('[folder]', 'where; the agent is named like it', NAME_USUAL)
    .option(...JSON_OPTION)
    .addHelpText('after', examples('init my-agent', 'init'))
    .action((folder: string, options: { readonly json?: boolean }) => done(init(io, folder, options.json === true)));
};

function init(io: Io, folder: string, json: boolean): ExitCode {
  const path = resolve(folder);
  const name = basename(path);
  if (!NAME.test(name)) {
    const todo = 'Use 1 to 22 of a-z, 0-9 and "-", such as: canswarm init my-agent';
    throw new CliFailure(EXIT.usage, 'usage', `"${safe(name)}" cannot name an agent`, '', todo);
  }
  if (existsSync(path) && readdirSync(path).length > 0) {
    const todo = 'Name another folder, or empty this one.';
    throw new CliFailure(EXIT.untrue, 'not_empty', `${safe(path)} is not empty`, 'Nothing was written.', todo);
  }
  mkdirSync(path, { recursive: true });
  const files = projectFiles(name);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  const next = [`cd ${safe(folder)}`, 'npm install', 'npm test', 'npx canswarm agent run agent.ts'];
  report(io, json, { folder: path, name, files: Object.keys(files), next }, () =>
    [`An agent is in ${safe(path)}. Next:`, indent(next.join('\n'))].join('\n'),
  );
  return EXIT.ok;
}
