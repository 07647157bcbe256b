import type { Need } from '@canswarm/kernel';
import type { ExecuteOutcome, Skill, SkillContext, SkillModule, TaskInput } from '@canswarm/ports';
import { equalBytes, type NeedId } from '@canswarm/protocol';
import { quoteSkill } from './quote-skill.ts';

/** Which results are made wrong on purpose, and which of those every seat passes without looking. */
export class Plants {
  readonly #wrongEvery: number;
  readonly #passedOverPercent: number;
  readonly #order: NeedId[] = [];
  /** The mark of needs that are posted for a planter; null where there is none. */
  mark: Uint8Array | null = null;
  /** CIDs of wrong outputs. */
  readonly outputs = new Set<string>();

  constructor(wrongEvery: number, passedOverPercent: number) {
    this.#wrongEvery = wrongEvery;
    this.#passedOverPercent = passedOverPercent;
  }

  /** Needs are told apart by the order in which they were opened. */
  note(need: NeedId): void {
    if (!this.#order.includes(need)) this.#order.push(need);
  }

  isMarked({ mark }: Need['body']): boolean {
    return this.mark !== null && equalBytes(mark, this.mark);
  }

  isWrong(need: NeedId, attempt: number): boolean {
    const place = this.#order.indexOf(need);
    return place >= 0 && this.#wrongEvery > 0 && attempt === 1 && place % this.#wrongEvery === this.#wrongEvery - 1;
  }

  isPassedOver(need: NeedId, attempt: number): boolean {
    const turn = Math.floor(this.#order.indexOf(need) / Math.max(1, this.#wrongEvery));
    return this.isWrong(need, attempt) && (turn * 37) % 100 < this.#passedOverPercent;
  }
}

/** Honest work and judgement, but for what is planted. */
export function plantedSkill(plants: Plants): SkillModule {
  return {
    async skill(engine): Promise<Skill> {
      const [own, liar] = [await quoteSkill.skill(engine), await quoteSkill.skill('liar')];
      const { execute, evaluate } = own;
      const work = async (task: TaskInput, context: SkillContext): Promise<ExecuteOutcome> => {
        const isWrong = plants.isWrong(task.need, task.attempt);
        const made = await (isWrong ? liar : own).execute?.(task, context);
        if (made === undefined) throw new Error(`the engine ${engine} does no work`);
        if (isWrong) for (const { cid } of made.outputs) plants.outputs.add(cid);
        return made;
      };
      return {
        ...own,
        ...(execute === undefined ? {} : { execute: work }),
        ...(evaluate === undefined
          ? {}
          : {
              evaluate: async (subject, context) =>
                plants.isPassedOver(subject.task.need, subject.task.attempt)
                  ? { verdict: 'pass', reasons: [] }
                  : evaluate(subject, context),
            }),
      };
    },
  };
}
