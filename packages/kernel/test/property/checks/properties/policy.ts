import { presentPolicy } from '../../model/policies.ts';
import type { Property, Step } from '../step.ts';

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** What the law asked about the entry, and whom. */
function* asked({ applied, model }: Step): Iterable<string> {
  const { outcome, policy: answer } = applied;
  const due = model.policy?.now ?? null;
  const isAsked = due !== null && (outcome.accepted || outcome.code === 'policy_denied');
  if (!isAsked) {
    if (answer !== undefined) yield `${answer.capsule} was asked about what is refused anyway`;
    return;
  }
  if (answer === undefined) return yield 'no policy was asked about what is accepted';
  if (answer.capsule !== due.policy.capsule) yield `${answer.capsule} was asked, and ${due.policy.capsule} holds`;
  if (textOf(answer.input) !== due.question) yield `it was asked ${textOf(answer.input)}, not ${due.question}`;
  if (outcome.accepted !== answer.decision.allow) yield 'what the policy said did not count';
}

/** What results keep of it until they are settled. */
function* kept({ state, model }: Step): Iterable<string> {
  for (const { id, asked: found } of state.commits.values()) {
    const due = model.policy?.asked.get(id);
    if (found?.policy.cid !== due?.policy.capsule) yield `${id} keeps ${found?.policy.cid}, not ${due?.policy.capsule}`;
    else if (found !== undefined && textOf(found.input) !== due?.question) yield `${id} keeps another question`;
  }
}

export default {
  id: 'policy',
  holds:
    'the capsule of its epoch is asked, by what is in the log, about every entry that nothing else refuses; what it denies is refused, and a COMMIT keeps what was asked',
  needsModel: true,
  *check(step) {
    yield* asked(step);
    yield* kept(step);
    const [held, due] = [step.state.policy?.present.cid, presentPolicy(step.model)?.capsule];
    if (held !== due) yield `${held} holds, not ${due}`;
  },
} satisfies Property;
