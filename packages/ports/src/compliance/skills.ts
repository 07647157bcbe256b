import { cidOf } from '@canswarm/protocol';
import type { Skill, SkillContext, SkillModule } from '../skill.ts';

/* Skills that behave and misbehave, for the runners' suite. A runner loads this file as any module of skills. */

const encoder = new TextEncoder();

async function store(text: string, { content }: SkillContext) {
  return { cid: await content.put(encoder.encode(text), 'raw'), leaves: 1 };
}

/** Reads its first input and writes its bytes back as text of its own, so both directions are counted. */
const echo: Skill = {
  async execute(task, context) {
    const [input] = task.inputs;
    if (input === undefined) throw new Error('echo wants one input');
    const bytes = await context.content.get(input.cid, { deadlineMs: 1000, maxBytes: 1024 });
    const output = await store(`${task.goal}: ${new TextDecoder().decode(bytes)}`, context);
    return { outputs: [output], trace: cidOf(bytes, 'raw', context.sha256) };
  },
  async evaluate({ outputs, commit }) {
    return { verdict: 'fail', reasons: [`${outputs.length} outputs of ${commit}`] };
  },
  async inspect() {
    return { finding: { class: 'missing_citation', claim: { output: 0, key: 's/0001', step: 0 } } };
  },
  async divide({ goal }, { budget, tasksMax }) {
    const first = { task: 'input', part: 0, goal, after: [], price: tasksMax };
    return { tasks: [first, { task: 'main', part: null, goal: null, after: ['input'], price: budget - tasksMax }] };
  },
};

const steps: Skill = {
  async evaluate(_subject, { progress }) {
    for (const done of [1, 2, 3]) progress({ done, total: 3, note: 'é'.repeat(200) });
    return { verdict: 'pass', reasons: [] };
  },
};

const logs: Skill = {
  async evaluate(_subject, { log }) {
    log({ level: 'info', message: 'é'.repeat(2_000) });
    for (let line = 0; line < 20_000; line += 1) log({ level: 'warn', message: `${line}` });
    return { verdict: 'pass', reasons: [] };
  },
};

const chatter: Skill = {
  async evaluate(_subject, { progress }) {
    for (let done = 1; done <= 20_000; done += 1) progress({ done, total: 20_000, note: '' });
    return { verdict: 'pass', reasons: [] };
  },
};

const throws: Skill = {
  async execute() {
    throw new Error('this skill always fails');
  },
  evaluate() {
    throw new Error('this skill fails at once');
  },
};

const hangs: Skill = {
  execute: () => new Promise(() => {}),
};

/** Ends when it is told to, and leaves a block behind as the sign that it was told. */
const listens: Skill = {
  execute: (_task, context) =>
    new Promise((_, reject) => {
      context.signal.addEventListener('abort', async () => {
        await store('told to stop', context);
        reject(new Error('told to stop'));
      });
    }),
};

const spins: Skill = {
  async execute() {
    for (;;);
  },
};

const dies: Skill = {
  async execute() {
    return process.exit(3);
  },
  evaluate: () =>
    new Promise(() => {
      setImmediate(() => {
        throw new Error('thrown where nobody catches');
      });
    }),
};

const hoards: Skill = {
  async execute() {
    const kept: number[][] = [];
    for (;;) kept.push(new Array(100_000).fill(kept.length));
  },
};

/** Gives, for each action, something that is no result. */
const garbles: Skill = {
  async execute() {
    return { outputs: [], trace: null };
  },
  async evaluate() {
    return { verdict: 'fail', reasons: [] };
  },
  async inspect() {
    return { finding: { class: 'missing_citation', claim: { output: -1, key: '', step: 0 } } };
  },
  async divide() {
    return { tasks: [] };
  },
};

const engines: Readonly<Record<string, Skill>> = {
  echo,
  steps,
  logs,
  chatter,
  throws,
  hangs,
  listens,
  spins,
  dies,
  hoards,
  garbles,
};

export const skill: SkillModule['skill'] = (engine) => {
  const found = engines[engine];
  if (found === undefined) throw new Error('known engines are those of the compliance suite');
  return found;
};
