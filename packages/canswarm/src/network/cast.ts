import type { Need } from '@canswarm/kernel';
import type { Engines, Identity, Offer } from '@canswarm/node';
import type { Micro } from '@canswarm/protocol';

/** One agent of a network: whose it is, what it owns, what it does. One key each; keys are never shared. */
export interface CastMember {
  readonly name: string;
  readonly org: string;
  readonly asn: number;
  readonly region: string;
  /** Micro-credits at the start. */
  readonly free: Micro;
  readonly stake: Micro;
  /** Takes part in draws and reports time. */
  readonly verifier: boolean;
  /** Has the last word on challenges that a jury decides. */
  readonly arbiter: boolean;
  readonly skills: readonly string[];
  readonly engines: Engines;
  readonly offer: ((need: Need) => Offer | null) | null;
  /** Name of the planner it works through; null: it bids itself. */
  readonly planner: string | null;
  readonly share: ((need: Need, workerPrice: Micro) => Micro) | null;
  /** As a planner: the skills whose needs it divides, and the engine that does. */
  readonly divides: Identity['divides'];
}

const IDLE: Pick<
  CastMember,
  'verifier' | 'arbiter' | 'skills' | 'engines' | 'offer' | 'planner' | 'share' | 'divides'
> = {
  verifier: false,
  arbiter: false,
  skills: [],
  engines: { execute: null, evaluate: null, inspect: null },
  offer: null,
  planner: null,
  share: null,
  divides: null,
};

export const CREDIT: Micro = 1_000_000;
const REGIONS = ['eu', 'us', 'ap', 'sa'] as const;
const VERIFIER_ORGS = 12;
const VERIFIERS = 16;

/** What a default cast is made for. */
export interface CastOptions {
  readonly skill: string;
  /** Engine of each worker, in order; the last works through the planner. */
  readonly workers: readonly { readonly engine: string; readonly priceBps: number }[];
  readonly evaluate: string;
  readonly inspect: string | null;
  /** Stake of each verifier and free credits of each other agent, micro-credits. */
  readonly stake: Micro;
  readonly free: Micro;
}

/**
 * The cast of a local network: sixteen verifiers of twelve organisations, each with an ASN of its own, in four regions;
 * workers of organisations of their own, the last working through a planner; planner, requester and bystander.
 */
export function localCast(options: CastOptions): readonly CastMember[] {
  return [
    ...Array.from({ length: VERIFIERS }, (_, index) => verifier(index, options)),
    ...options.workers.map((_, index) => worker(index, options)),
    {
      ...IDLE,
      ...place('planner', 'planner-co', 201),
      free: options.free,
      stake: 0,
      share: (_need, price) => Math.ceil(price / 20),
    },
    { ...IDLE, ...place('requester', 'requester-co', 202), free: options.free, stake: 0 },
    {
      ...IDLE,
      ...place('bystander', 'bystander-co', 203),
      free: options.free,
      stake: 0,
      skills: [options.skill],
      engines: { execute: null, evaluate: null, inspect: options.inspect },
    },
  ];
}

function verifier(index: number, { skill, evaluate, stake }: CastOptions): CastMember {
  const org = index % VERIFIER_ORGS;
  const engines = { execute: null, evaluate, inspect: null };
  const region = REGIONS[org % REGIONS.length] ?? 'eu';
  return {
    ...IDLE,
    name: `verifier-${String(index + 1).padStart(2, '0')}`,
    org: `verifier-org-${String(org + 1).padStart(2, '0')}`,
    asn: 64_512 + org,
    region,
    free: 0,
    stake,
    verifier: true,
    skills: [skill],
    engines,
  };
}

function worker(index: number, { workers, skill, free }: CastOptions): CastMember {
  const { engine, priceBps } = workers[index] ?? { engine: '', priceBps: 10_000 };
  const offer = ({ body }: Need): Offer => {
    const price = Math.ceil((body.priceCap * priceBps) / 10_000);
    return { price, floor: price, etaMs: Math.min(body.windows.leaseMs, body.deadlineMs) };
  };
  return {
    ...IDLE,
    ...place(`worker-${index + 1}`, `worker-org-${index + 1}`, 101 + index),
    free,
    stake: 0,
    skills: [skill],
    engines: { execute: engine, evaluate: null, inspect: null },
    offer,
    planner: index === workers.length - 1 && workers.length > 1 ? 'planner' : null,
  };
}

const place = (name: string, org: string, asn: number): Pick<CastMember, 'name' | 'org' | 'asn' | 'region'> => ({
  name,
  org,
  asn: 64_512 + asn,
  region: REGIONS[asn % REGIONS.length] ?? 'eu',
});
