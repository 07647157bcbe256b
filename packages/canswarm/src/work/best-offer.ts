import { type ManifestSkill, readManifest, type SkillOffer, termsOfManifest } from '@canswarm/agent';
import type { ApiClient } from '@canswarm/api';
import { nearest } from '../home/config/nearest.ts';
import { BUNDLED_SKILLS } from '../skills/bundled.ts';

/** An agent that was found, as far as it matters for hiring it. */
export interface OfferingAgent {
  readonly org: string | null;
  readonly canBond: boolean;
  readonly skills: readonly ManifestSkill[];
}

/** How somebody offers a skill: who can pay its bond before who cannot, then the cheapest; null when no member does. */
export function bestOffer(agents: readonly OfferingAgent[], skill: string): SkillOffer | null {
  const offers = agents.flatMap(({ canBond, org, skills }) =>
    org === null
      ? []
      : skills.filter(({ id, executes }) => id === skill && executes).map((offered) => ({ canBond, offered })),
  );
  offers.sort((a, b) => Number(b.canBond) - Number(a.canBond) || (a.offered.price ?? 0) - (b.offered.price ?? 0));
  const [best] = offers;
  if (best === undefined) return null;
  const { description, inputSchema, outputSchema, verification } = best.offered;
  return { skill, description, inputSchema, outputSchema, verification: termsOfManifest(verification) };
}

type Finding = Pick<ApiClient, 'findAgents'>;

/** Looks for who offers a skill at a running node. */
export const offersAt =
  (client: Finding) =>
  async (skill: string): Promise<SkillOffer | null> =>
    bestOffer(await agentsAt(client), skill);

/** The skill that somebody who asked a running node for `skill` most likely meant; null when none has a name near that. */
export async function nearSkill(client: Finding, skill: string): Promise<string | null> {
  const offered = (await agentsAt(client)).flatMap(({ skills }) => skills.filter(({ executes }) => executes));
  return nearest(skill, [...BUNDLED_SKILLS, ...offered.map(({ id }) => id)]);
}

/** What a node passes on is read as strictly as from strangers. */
async function agentsAt(client: Finding): Promise<readonly OfferingAgent[]> {
  const { agents } = await client.findAgents({ query: '' });
  return agents.flatMap(({ name, description, version, skills, org, canBond }) => {
    const manifest = readManifest({ name, description, version, planner: null, skills });
    return manifest.ok ? [{ org, canBond, skills: manifest.manifest.skills }] : [];
  });
}
