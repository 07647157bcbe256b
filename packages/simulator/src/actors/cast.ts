import type { Need } from '@canswarm/kernel';
import type { Offer } from '@canswarm/node';
import { type CastMember, CREDIT } from 'canswarm';
import type { ActorKind, ActorPlan } from './actor-plan.ts';
import type { ActorEngine } from './skill.ts';

/** A key of an actor, and whose it is. */
export interface ActorMember {
  readonly kind: ActorKind;
  readonly member: CastMember;
}

/** Whether a need was posted for the planter. */
type IsPlant = (body: Need['body']) => boolean;

/** What somebody asks who wants the task: less than anybody honest. */
const LOW_BPS = { liar: 3_500, staller: 3_000, planter: 3_200, colluders: 3_700 } as const;
const ASN = 66_000;
const REGIONS = ['eu', 'us', 'ap', 'sa'] as const;
const SPAMMERS_CREDITS = 20 * CREDIT;

/** Keys of those who mean harm, each of an organisation of its own, made after a worker and a verifier of an honest cast. */
export function actorCast(
  actors: readonly ActorPlan[],
  honest: readonly CastMember[],
  isPlant: IsPlant,
): readonly ActorMember[] {
  const [worker, verifier] = [honest.find(({ offer }) => offer !== null), honest.find((member) => member.verifier)];
  if (worker === undefined || verifier === undefined) throw new Error('a cast has workers and verifiers');
  const members: ActorMember[] = [];
  const add = (kind: ActorKind, like: CastMember, own: Partial<CastMember>): void => {
    const index = members.length;
    const name = `actor-${index + 1}`;
    const place = { name, org: `${name}-org`, asn: ASN + index, region: REGIONS[index % REGIONS.length] ?? 'eu' };
    members.push({ kind, member: { ...like, ...place, planner: null, ...own } });
  };
  const addWorker = (kind: keyof typeof LOW_BPS, execute: ActorEngine): void =>
    add(kind, worker, {
      engines: { ...worker.engines, execute },
      offer: asking(LOW_BPS[kind], kind === 'planter' ? isPlant : () => false),
    });
  const addVerifier = (kind: ActorKind, evaluate: string | null): void =>
    add(kind, verifier, { engines: { ...verifier.engines, evaluate } });
  for (const { kind } of actors)
    switch (kind) {
      case 'liar':
        addWorker(kind, 'lying');
        break;
      case 'planter':
        addWorker(kind, 'planting');
        break;
      case 'staller':
        addWorker(kind, 'stalling');
        break;
      case 'lazy verifier':
        addVerifier(kind, 'lazy' satisfies ActorEngine);
        break;
      case 'colluders':
        addWorker(kind, 'colluding worker');
        addVerifier(kind, 'colluding verifier' satisfies ActorEngine);
        addVerifier(kind, 'colluding verifier' satisfies ActorEngine);
        break;
      case 'equivocator':
        addVerifier(kind, verifier.engines.evaluate);
        break;
      case 'time liar':
        addVerifier(kind, verifier.engines.evaluate);
        addVerifier(kind, verifier.engines.evaluate);
        break;
      case 'spammer':
        add(kind, worker, { engines: { ...worker.engines, execute: null }, offer: null, free: SPAMMERS_CREDITS });
        break;
      case 'relayer':
        add(kind, worker, { engines: { ...worker.engines, execute: null }, offer: null });
    }
  return members;
}

/** Asks for its plants and about half of the other needs, so that a run also shows what becomes of those. */
const asking =
  (bps: number, isPlant: IsPlant) =>
  ({ id, body }: Need): Offer | null => {
    if (id.charCodeAt(id.length - 1) % 2 === 0 && !isPlant(body)) return null;
    const price = Math.ceil((body.priceCap * bps) / 10_000);
    return { price, floor: price, etaMs: Math.min(body.windows.leaseMs, body.deadlineMs) };
  };
