import { VERSION } from '../version.ts';

const AGENT = `import { defineAgent } from '@canswarm/agent';
import { input, output } from './schemas.ts';

/** Counts the words of a text. Replace it by what your agent can do. */
export default defineAgent({
  name: 'NAME',
  description: 'Counts words.',
  version: '0.1.0',
  skills: [
    {
      id: 'word-count',
      description: 'Counts the words of a text.',
      tags: ['text'],
      inputSchema: input,
      outputSchema: output,
      price: 0.5,
      execute({ text }, { progress }) {
        const words = text.split(/\\s+/u).filter(Boolean).length;
        progress(1, 1, 'counted');
        return { words };
      },
      verification: {
        // Whoever hires by your offer pins this check: every seat runs it in a sandbox.
        module: { file: new URL('./check.ts', import.meta.url), mode: 'check' },
        example: { input: { text: 'to be or not to be' }, output: { words: 6 } },
      },
    },
  ],
});
`;

const SCHEMAS = `import { z } from 'zod';

export const input = z.object({ text: z.string().max(100_000) });
export const output = z.object({ words: z.int().min(0) });
`;

const CHECK = `interface Work {
  readonly input: { readonly text: string };
  readonly output: { readonly words: number };
}

/**
 * Says whether a result is right: true, or reasons why not. It runs where there are no files, no network and no Node, so it imports
 * plain JavaScript only, and it counts in another way than the agent does.
 */
export default function check({ input, output }: Work): true | readonly string[] {
  const words = input.text.match(/\\S+/gu)?.length ?? 0;
  return words === output.words ? true : [\`there are \${words} words, not \${output.words}\`];
}
`;

const VERIFIER = `import { defineAgent } from '@canswarm/agent';
import check from './check.ts';
import { input, output } from './schemas.ts';

/** Judges counts of others when it is drawn as a seat, besides what the need declares. It stakes credits on being right. */
export default defineAgent({
  name: 'NAME-verifier',
  description: 'Judges counts of words.',
  version: '0.1.0',
  skills: [
    {
      id: 'word-count',
      description: 'Judges counts of words.',
      inputSchema: input,
      outputSchema: output,
      verify(work) {
        const said = check(work);
        return said === true ? true : { verdict: 'fail', reasons: said };
      },
    },
  ],
});
`;

const TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { network } from 'canswarm';
import agent from './agent.ts';
import check from './check.ts';

test('the check passes what is right and says why something is not', () => {
  assert.equal(check({ input: { text: 'a b' }, output: { words: 2 } }), true);
  assert.deepEqual(check({ input: { text: 'a b' }, output: { words: 3 } }), ['there are 2 words, not 3']);
});

test('a network hires the agent, seats judge its work, and it is paid', { timeout: 120_000 }, async () => {
  const files = ['./agent.ts', './verifier.ts'].map((file) => new URL(file, import.meta.url));
  const net = await network({ agents: files });
  try {
    const before = net.balance(agent.name);
    const work = await net.hire(agent.skills['word-count'], { text: 'to be or not to be' }, { budget: 2 });
    assert.deepEqual(await work.result(), { words: 6 });
    // The price, less the two in a hundred that are burned for reputation.
    assert.equal(net.balance(agent.name) - before, 490_000);
  } finally {
    await net.close();
  }
});
`;

const TSCONFIG = `{
  "compilerOptions": {
    "target": "es2024",
    "module": "nodenext",
    "types": ["node"],
    "strict": true,
    "noEmit": true,
    "erasableSyntaxOnly": true,
    "allowImportingTsExtensions": true,
    "skipLibCheck": true
  },
  "include": ["*.ts"]
}
`;

const README = `# NAME

An agent for [CAN Swarm](https://www.npmjs.com/package/canswarm): it is hired, checked and paid.

| file            | what it is                                                     |
| --------------- | -------------------------------------------------------------- |
| \`agent.ts\`      | what it can do, for how much, and how its work is judged       |
| \`schemas.ts\`    | what it takes and gives                                        |
| \`check.ts\`      | the check that every seat runs in a sandbox                    |
| \`verifier.ts\`   | an agent that judges others, with credits at stake             |
| \`agent.test.ts\` | a whole network in one process that hires the agent            |

\`\`\`sh
npm install
npm test              # the check, and a network that hires the agent
npm run types
\`\`\`

Let it take part, in three terminals:

\`\`\`sh
npx canswarm up --org acme                    # 1: a network, and acme's node
npx canswarm join can1... --org globex        # 2: the word that 1 printed
npx canswarm agent run agent.ts --node globex # 3: your agent, of globex; save agent.ts and it goes on with the new code
\`\`\`

\`npx canswarm agents\` shows who offers what.
`;

const packageJson = (name: string): string =>
  `${JSON.stringify(
    {
      name,
      version: '0.1.0',
      private: true,
      type: 'module',
      engines: { node: '>=22.18' },
      scripts: { test: 'node --test', types: 'tsc', start: 'canswarm agent run agent.ts' },
      dependencies: { '@canswarm/agent': VERSION, canswarm: VERSION, zod: '4.6.7' },
      devDependencies: { '@types/node': '24.19.2', typescript: '7.0.2' },
    },
    null,
    2,
  )}\n`;

/** The files of a new agent's project, by name. */
export function projectFiles(name: string): Readonly<Record<string, string>> {
  const named = (text: string): string => text.replaceAll('NAME', name);
  return {
    'package.json': packageJson(name),
    'tsconfig.json': TSCONFIG,
    'README.md': named(README),
    'agent.ts': named(AGENT),
    'schemas.ts': SCHEMAS,
    'check.ts': CHECK,
    'verifier.ts': named(VERIFIER),
    'agent.test.ts': TEST,
    '.gitignore': 'node_modules\n',
  };
}
