import type { Skill, SkillModule } from '@canswarm/ports';
import { type Plants, plantedSkill } from '../workload/plants.ts';
import { quoteSkill } from '../workload/quote-skill.ts';
import type { ActorKind } from './actor-plan.ts';

/** Engines of those who mean harm, and whose they are. */
const ENGINES = {
  lying: 'liar',
  stalling: 'staller',
  planting: 'planter',
  lazy: 'lazy verifier',
  'colluding worker': 'colluders',
  'colluding verifier': 'colluders',
} as const satisfies Record<string, ActorKind>;
export type ActorEngine = keyof typeof ENGINES;

const isActors = (engine: string): engine is ActorEngine => Object.hasOwn(ENGINES, engine);

/** Planted work and judgement, and what the engines of actors do while they are `on`; while not, they are honest. */
export function actorSkill(plants: Plants, on: ReadonlySet<ActorKind>): SkillModule {
  const planted = plantedSkill(plants);
  return {
    async skill(engine): Promise<Skill> {
      if (!isActors(engine)) return planted.skill(engine);
      const isOn = (): boolean => on.has(ENGINES[engine]);
      return { ...(await planted.skill('honest')), ...(await harmOf(engine, plants, planted, isOn)) };
    },
  };
}

async function harmOf(
  engine: ActorEngine,
  plants: Plants,
  planted: SkillModule,
  isOn: () => boolean,
): Promise<Partial<Skill>> {
  const honest = await planted.skill('honest');
  const [liar, idler] = [await quoteSkill.skill('liar'), await quoteSkill.skill('stall')];
  const work = (other: Skill, note: (cid: string) => void): Partial<Skill> => ({
    execute: async (task, context) => {
      const made = await (isOn() ? other : honest).execute?.(task, context);
      if (made === undefined) throw new Error('an engine does no work');
      if (isOn()) for (const { cid } of made.outputs) note(cid);
      return made;
    },
  });
  const judge = (passes: (cid: string) => boolean): Partial<Skill> => ({
    evaluate: async (subject, context) => {
      if (isOn() && subject.outputs.some(({ cid }) => passes(cid))) return { verdict: 'pass', reasons: [] };
      const judged = await honest.evaluate?.(subject, context);
      if (judged === undefined) throw new Error('an engine judges nothing');
      return judged;
    },
  });
  switch (engine) {
    case 'lying':
    case 'planting':
    case 'colluding worker':
      return work(liar, (cid) => plants.outputs.add(cid));
    case 'stalling':
      return work(idler, () => undefined);
    case 'lazy':
      return judge(() => true);
    case 'colluding verifier':
      return judge((cid) => plants.outputs.has(cid));
  }
}
