import { pathToFileURL } from 'node:url';
import { type Agent, type AnySkill, microOf } from '@canswarm/agent';
import type { Need } from '@canswarm/kernel';
import type { Offer } from '@canswarm/node';
import type { CastMember } from '../network/cast.ts';
import { CREDIT } from '../network/cast.ts';
import { loadAgent } from '../skills/load-agent.ts';
import { offerAt } from './offer.ts';

/** An agent from a file, and the URL that worker threads import it by. */
export interface AgentFile {
  readonly url: string;
  readonly agent: Agent;
}

/** Loads the file of an agent. Rejects with a TypeError that says what is wrong with it. */
export async function agentFile(file: string | URL): Promise<AgentFile> {
  const url = file instanceof URL || file.startsWith('file:') ? String(file) : pathToFileURL(file).href;
  return { url, agent: await loadAgent(url) };
}

const FIRST_ASN = 64_512 + 400;
const FREE = 100 * CREDIT;
const STAKE = 100 * CREDIT;
const REGIONS = ['eu', 'us', 'ap', 'sa'] as const;

const has = ({ skills }: Agent, does: (skill: AnySkill) => boolean): boolean => Object.values(skills).some(does);

/** How an agent takes part in a network of this process: as an organisation of its own, doing what its skills have functions for. */
export function agentMember({ url, agent }: AgentFile, index: number): CastMember {
  const executes = has(agent, ({ execute }) => execute !== undefined);
  const verifies = has(agent, ({ verify }) => verify !== undefined);
  const dividing = Object.values(agent.skills).flatMap(({ id, plan }) => (plan?.divide === undefined ? [] : [id]));
  const share = Object.values(agent.skills).find(({ plan }) => plan !== undefined)?.plan?.share;
  return {
    name: agent.name,
    org: `${agent.name}-org`,
    asn: FIRST_ASN + index,
    region: REGIONS[index % REGIONS.length] ?? 'eu',
    free: FREE,
    stake: verifies ? STAKE : 0,
    verifier: verifies,
    arbiter: false,
    skills: Object.values(agent.skills)
      .filter(({ execute }) => execute !== undefined)
      .map(({ id }) => id),
    engines: { execute: executes ? url : null, evaluate: verifies ? url : null, inspect: null },
    offer: executes ? (need) => offerOf(agent, need) : null,
    planner: null,
    divides: dividing.length === 0 ? null : { skills: new Set(dividing), engine: url },
    share: share === undefined ? null : (_need, price) => Math.ceil(price * share),
  };
}

/** An agent's price for a need, or null when it does not do that or not for that little. */
function offerOf(agent: Agent, need: Need): Offer | null {
  const { skill: wanted } = need.body;
  const skill = Object.hasOwn(agent.skills, wanted) ? agent.skills[wanted] : undefined;
  if (skill?.execute === undefined || skill.price === undefined) return null;
  const floor = skill.floor === undefined ? null : microOf(skill.floor);
  return offerAt({ price: microOf(skill.price), floor, joins: skill.joins === true }, need);
}
