import type { AgentManifest, ManifestSkill } from '@canswarm/agent';
import type { Identity } from '@canswarm/node';
import type { Did } from '@canswarm/protocol';
import { offerAt } from '../../work/offer.ts';
import type { AgentSession } from './agent-session.ts';
import { attachedEngine } from './attached-runner.ts';

export interface Attached {
  readonly manifest: AgentManifest;
  /** Its process; null: it is away. */
  readonly session: AgentSession | null;
  /** Whether a key is of the agent's own organisation: it does not work for that. */
  readonly own: (did: Did) => boolean;
}

const BPS = 10_000;

/** What a node does for an attached agent: its key and engines stay, what it offers follows from its manifest. */
export function attachedIdentity(identity: Identity, { manifest, session, own }: Attached): Identity {
  const byId = new Map(manifest.skills.map((skill) => [skill.id, skill]));
  const working = manifest.skills.filter(({ executes }) => executes);
  const dividing = manifest.skills.filter(({ divides }) => divides).map(({ id }) => id);
  const planning = manifest.skills.filter(planOf);
  return {
    ...identity,
    skills: new Set(working.map(({ id }) => id)),
    offer: (need) => {
      const skill = byId.get(need.body.skill);
      if (skill === undefined || own(need.requester) || session?.isFull === true) return null;
      return offerAt(skill, need);
    },
    planner: manifest.planner,
    divides: dividing.length === 0 ? null : { skills: new Set(dividing), engine: attachedEngine(manifest.name) },
    share:
      planning.length === 0
        ? null
        : (need, price) => {
            const skill = planning.find(({ id }) => id === need.body.skill) ?? planning[0];
            return Math.ceil((price * (skill?.shareBps ?? 0)) / BPS);
          },
  };
}

const planOf = ({ shareBps }: ManifestSkill): boolean => shareBps !== null;
