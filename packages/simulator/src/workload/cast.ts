import { type CastMember, CREDIT, localCast } from 'canswarm';
import { QUOTE_SKILL } from './quote-skill.ts';

const STAKE = 10_000 * CREDIT;
const FREE = 100_000 * CREDIT;
/** What a verifier can spend on places in the log. */
const VERIFIER_FREE = 100 * CREDIT;
const GUEST_ASN = 65_000;

/** Who takes part: the cast of a local network, and on more nodes than it has members one more for each, so that no node holds no key. */
export function simulatedCast(nodes: number): readonly CastMember[] {
  const base = localCast({
    skill: QUOTE_SKILL,
    workers: [5_000, 6_000, 6_500, 7_000].map((priceBps) => ({ engine: 'honest', priceBps })),
    evaluate: 'honest',
    inspect: 'honest',
    stake: STAKE,
    free: FREE,
  }).map((member) => ({ ...member, ...(member.verifier ? { free: VERIFIER_FREE } : OTHERWISE[member.name]) }));
  const models = base.filter(({ name }) => name === 'worker-1' || name === 'bystander' || name === 'verifier-01');
  const guests = Array.from({ length: Math.max(0, nodes - base.length) }, (_, index) =>
    guest(models[index % models.length], index),
  );
  return [...base, ...guests];
}

/** Asks for a part of the cap at first, and goes down to another. */
function offering(firstBps: number, leastBps: number): CastMember['offer'] {
  const part = (cap: number, bps: number): number => Math.ceil((cap * bps) / 10_000);
  return ({ body: { priceCap, windows, deadlineMs } }) => ({
    price: part(priceCap, firstBps),
    floor: part(priceCap, leastBps),
    etaMs: Math.min(windows.leaseMs, deadlineMs),
  });
}

/**
 * Whose an agent is and what it does, where that is not as in a local network: one worker is of an organisation that judges, two are of one, so
 * that who is related to whom matters; two go below what they ask at first, where others outdo them; the planner divides what may be divided.
 */
const OTHERWISE: Readonly<Record<string, Partial<CastMember>>> = {
  'worker-1': { org: 'verifier-org-01', offer: offering(5_000, 4_600) },
  'worker-2': { offer: offering(6_000, 4_500) },
  'worker-3': { org: 'worker-org-2' },
  planner: { divides: { skills: new Set([QUOTE_SKILL]), engine: 'honest' } },
};

/** One like a member of the local network, of an organisation of its own. */
function guest(model: CastMember | undefined, index: number): CastMember {
  if (model === undefined) throw new Error('the local network has a verifier, a worker and a bystander');
  return { ...model, name: `guest-${index + 1}`, org: `guest-org-${index + 1}`, asn: GUEST_ASN + index };
}
