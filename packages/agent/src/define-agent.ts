import type { Micro } from '@canswarm/protocol';
import type { Agent, AgentInfo, AnySkill, SkillDefinition } from './definition.ts';
import {
  AGENT_NAME,
  DESCRIPTION_BYTES_MAX,
  SHORT_BYTES_MAX,
  SKILL_ID,
  SKILLS_MAX,
  TAGS_MAX,
} from './manifest/limits.ts';
import { type Credits, microOf } from './money.ts';
import type { JsonSchema, SchemaLike } from './schema/schema-like.ts';
import { jsonSchemaOf } from './schema/standard-schema.ts';

type S = SchemaLike;
type J = JsonSchema;

/** What skills of up to eight places are when they are there, by id. */
type ById<Id extends string, A extends S, B extends S> = { readonly [K in Id]: SkillDefinition<A, B, K> };

/**
 * Defines an agent: who it is and what it can do. A module that exports one as its default is an agent's file.
 *
 * ```ts
 * export default defineAgent({
 *   name: 'word-counter',
 *   skills: [{
 *     id: 'word-count', description: 'Counts the words of a text', price: 0.5,
 *     inputSchema: z.object({ text: z.string() }), outputSchema: z.object({ words: z.int() }),
 *     execute: ({ text }) => ({ words: text.split(/\s+/).filter(Boolean).length }),
 *   }],
 * });
 * ```
 *
 * Throws a TypeError that names what is wrong with the definition. Source: `spec/12-agents.md`.
 */
export function defineAgent<
  const N1 extends string,
  A1 extends S,
  B1 extends S,
  const N2 extends string = never,
  A2 extends S = J,
  B2 extends S = J,
  const N3 extends string = never,
  A3 extends S = J,
  B3 extends S = J,
  const N4 extends string = never,
  A4 extends S = J,
  B4 extends S = J,
  const N5 extends string = never,
  A5 extends S = J,
  B5 extends S = J,
  const N6 extends string = never,
  A6 extends S = J,
  B6 extends S = J,
  const N7 extends string = never,
  A7 extends S = J,
  B7 extends S = J,
  const N8 extends string = never,
  A8 extends S = J,
  B8 extends S = J,
>(
  definition: AgentInfo & {
    readonly skills: readonly [
      SkillDefinition<A1, B1, N1>,
      SkillDefinition<A2, B2, N2>?,
      SkillDefinition<A3, B3, N3>?,
      SkillDefinition<A4, B4, N4>?,
      SkillDefinition<A5, B5, N5>?,
      SkillDefinition<A6, B6, N6>?,
      SkillDefinition<A7, B7, N7>?,
      SkillDefinition<A8, B8, N8>?,
    ];
  },
): Agent<
  ById<N1, A1, B1> &
    ById<N2, A2, B2> &
    ById<N3, A3, B3> &
    ById<N4, A4, B4> &
    ById<N5, A5, B5> &
    ById<N6, A6, B6> &
    ById<N7, A7, B7> &
    ById<N8, A8, B8>
>;
export function defineAgent(definition: AgentInfo & { readonly skills: readonly (AnySkill | undefined)[] }): Agent {
  const { name, skills } = definition;
  if (typeof name !== 'string' || !AGENT_NAME.test(name))
    throw new TypeError(
      `an agent's name is 1 to 32 of a-z, 0-9 and "-", such as "word-counter", not ${JSON.stringify(name)}`,
    );
  if (!Array.isArray(skills) || skills.length === 0 || skills.length > SKILLS_MAX)
    throw new TypeError(`the agent "${name}" has 1 to ${SKILLS_MAX} skills`);
  const { description = name, version = '0' } = definition;
  if (!isShort(version) || description === '' || new TextEncoder().encode(description).length > DESCRIPTION_BYTES_MAX)
    throw new TypeError(
      `the agent "${name}" has a version of 1 to ${SHORT_BYTES_MAX} bytes and a description of 1 to ${DESCRIPTION_BYTES_MAX}, or none`,
    );
  const byId: Record<string, AnySkill> = {};
  for (const skill of skills) {
    requireSkill(name, skill);
    if (Object.hasOwn(byId, skill.id)) throw new TypeError(`the agent "${name}" has two skills "${skill.id}"`);
    byId[skill.id] = skill;
  }
  return { ...definition, skills: byId };
}

function requireSkill(agent: string, skill: AnySkill): void {
  if (typeof skill?.id !== 'string' || !SKILL_ID.test(skill.id))
    throw new TypeError(`a skill of "${agent}" has no id: 1 to 64 of a-z, 0-9, "-", "." and "/", such as "word-count"`);
  const who = `the skill "${skill.id}" of "${agent}"`;
  if (typeof skill.description !== 'string' || skill.description.trim() === '')
    throw new TypeError(`${who} has no description: say in a sentence what it does`);
  if (new TextEncoder().encode(skill.description).length > DESCRIPTION_BYTES_MAX)
    throw new TypeError(`the description of ${who} has more than ${DESCRIPTION_BYTES_MAX} bytes`);
  const { name = skill.id, tags = [] } = skill;
  if (!isShort(name) || tags.length > TAGS_MAX || !tags.every(isShort))
    throw new TypeError(
      `the name and the tags (at most ${TAGS_MAX}) of ${who} have 1 to ${SHORT_BYTES_MAX} bytes each`,
    );
  for (const which of ['inputSchema', 'outputSchema'] as const) {
    const read = jsonSchemaOf(skill[which], which === 'inputSchema' ? 'input' : 'output');
    if (!read.ok) throw new TypeError(`${which} of ${who}: ${read.reason}`);
  }
  if (skill.execute === undefined && skill.verify === undefined && skill.plan === undefined)
    throw new TypeError(`${who} does nothing: give it execute (a worker), verify (a verifier) or plan (a planner)`);
  if (skill.execute !== undefined && skill.price === undefined)
    throw new TypeError(`${who} executes but has no price: say in credits what one task costs, such as price: 0.5`);
  if (skill.price !== undefined && priceOf(skill.price, who) < 1) throw new TypeError(`the price of ${who} is nothing`);
  if (skill.joins === true && skill.execute === undefined)
    throw new TypeError(`${who} joins what others made but has no execute`);
  requireFloor(who, skill);
  if (skill.plan !== undefined && !(skill.plan.share >= 0 && skill.plan.share <= 1))
    throw new TypeError(`the planner's share of ${who} is a part of the worker's price, 0 to 1`);
  if (skill.plan?.divide !== undefined && typeof skill.plan.divide !== 'function')
    throw new TypeError(`the plan of ${who} divides by a function`);
}

function requireFloor(who: string, { price, floor }: AnySkill): void {
  if (floor === undefined) return;
  if (price === undefined || priceOf(floor, who) > priceOf(price, who) || priceOf(floor, who) < 1)
    throw new TypeError(`the floor of ${who} is more than nothing, and at most its price`);
}

const isShort = (text: string): boolean =>
  typeof text === 'string' && text !== '' && new TextEncoder().encode(text).length <= SHORT_BYTES_MAX;

function priceOf(price: Credits, who: string): Micro {
  try {
    return microOf(price);
  } catch (cause) {
    throw new TypeError(`the price of ${who}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Whether a module's default export is an agent. */
export function isAgent(value: unknown): value is Agent {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'skills' in value &&
    typeof value.skills === 'object'
  );
}
