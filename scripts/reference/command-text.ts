import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const WRITTEN =
  '<!-- Written by scripts/generate-docs.ts from the definitions of the commands: change those instead. -->';
const COMMAND = join(import.meta.dirname, '../..', 'packages/cli/bin/canswarm.ts');

/** The page of the command: its help, and that of every command below it. */
export async function commandText(): Promise<string> {
  const sections = await sectionsOf([]);
  return [
    WRITTEN,
    '# The command canswarm',
    'What `canswarm --help` and the help of each command say. What programs may rely on is in [ARCHITECTURE](../ARCHITECTURE.md#what-programs-may-rely-on).',
    ...sections,
  ].join('\n\n');
}

async function sectionsOf(path: readonly string[], above = ''): Promise<readonly string[]> {
  const help = await helpOf(path);
  const title = ['canswarm', ...path].join(' ');
  // Words that a help lists and that are no commands are taken for arguments: the help of the command above is given again.
  if (help === above) return [];
  const below = await Promise.all(commandsIn(help).map((name) => sectionsOf([...path, name], help)));
  return [`## \`${title}\``, `\`\`\`text\n${help.trim()}\n\`\`\``, ...below.flat()];
}

async function helpOf(path: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [COMMAND, ...path, '--help'], { env: {} });
  return stdout;
}

/** Names of the commands that a help lists, under headings that end in a colon. */
function commandsIn(help: string): readonly string[] {
  const sections = help.split(/\n(?=\S[^\n]*:\n)/).slice(1);
  const lists = sections.filter((section) => !/^(Options|Arguments|Formats|Examples):/.test(section));
  const names = lists.flatMap((list) => [...list.matchAll(/^ {2}([a-z]+)\b/gm)].map(([, name = '']) => name));
  return names.filter((name) => name !== 'help');
}
