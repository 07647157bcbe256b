import type { AgentEntry } from './node-file.ts';

/** An agent before it has a key, and how many micro-credits it starts with. */
export interface AgentPlan extends Omit<AgentEntry, 'key' | 'did' | 'credential'> {
  readonly free: number;
  readonly stake: number;
}

const CREDIT = 1_000_000;
const REGIONS = ['eu', 'us', 'ap', 'sa'] as const;
const VERIFIERS = 16;
const VERIFIER_ORGS = 12;
/** First ASN of the range for private use (RFC 6996). */
const PRIVATE_ASN = 64_512;
/** Reveals of a verifier: a draw takes one from a few of them. */
const CHAIN_LENGTH = 16_384;

export const ENDOWMENT = 1_000 * CREDIT;
const STAKE = 10_000 * CREDIT;

const IDLE = {
  chainLength: null,
  skills: [],
  execute: null,
  evaluate: null,
  inspect: null,
  priceBps: null,
  requester: false,
} as const;

/** What the agents of a network can do. */
export interface SkillPlan {
  readonly skill: string;
  /** What workers do besides. */
  readonly bundled: readonly string[];
  /** Engines of workers. */
  readonly engines: readonly string[];
  readonly evaluate: string;
  readonly inspect: string;
}

const regionOf = (index: number): string => REGIONS[index % REGIONS.length] ?? 'eu';

/** Verifiers of twelve organisations at most, each with an ASN of its own, in four regions; sixteen unless it is said. */
export function verifierPlans({ skill, evaluate }: SkillPlan, verifiers = VERIFIERS): readonly AgentPlan[] {
  return Array.from({ length: verifiers }, (_, index) => {
    const org = index % VERIFIER_ORGS;
    return {
      ...IDLE,
      name: `verifier-${String(index + 1).padStart(2, '0')}`,
      org: `verifier-org-${String(org + 1).padStart(2, '0')}`,
      asn: PRIVATE_ASN + org,
      region: regionOf(org),
      chainLength: CHAIN_LENGTH,
      skills: [skill],
      evaluate,
      free: 0,
      stake: STAKE,
    };
  });
}

/** Arbiters, each of an organisation of its own: people who have the last word on what a jury decides. */
export const arbiterPlans = (arbiters: number): readonly AgentPlan[] =>
  Array.from({ length: arbiters }, (_, index) => ({
    ...IDLE,
    name: `arbiter-${index + 1}`,
    org: `arbiter-org-${index + 1}`,
    asn: PRIVATE_ASN + 250 + index,
    region: regionOf(index),
    free: 0,
    stake: 0,
  }));

/** A bystander that challenges what it finds false. */
export const bystanderPlan = ({ skill, inspect }: SkillPlan): AgentPlan => ({
  ...IDLE,
  name: 'bystander',
  org: 'bystander-co',
  asn: PRIVATE_ASN + 200,
  region: regionOf(0),
  skills: [skill],
  inspect,
  free: ENDOWMENT,
  stake: 0,
});

/** Who acts for an organisation: one key that posts needs and looks at what it gets, one that works. */
export function organisationPlans(
  org: string,
  place: number,
  { skill, bundled, evaluate }: SkillPlan,
  engine: string,
): readonly AgentPlan[] {
  const whose = { org, asn: PRIVATE_ASN + 100 + place, region: regionOf(place), free: ENDOWMENT, stake: 0 };
  return [
    { ...IDLE, ...whose, name: `${org}-requester`, evaluate, requester: true },
    {
      ...IDLE,
      ...whose,
      name: `${org}-worker`,
      skills: [skill, ...bundled],
      execute: engine,
      priceBps: 5_000 + 500 * place,
    },
  ];
}

/** A worker of an organisation of its own, for a network in which nobody else works yet. */
export const workerPlan = (place: number, { skill, bundled }: SkillPlan, engine: string): AgentPlan => ({
  ...IDLE,
  name: `worker-${place}`,
  org: `worker-org-${place}`,
  asn: PRIVATE_ASN + 150 + place,
  region: regionOf(place),
  skills: [skill, ...bundled],
  execute: engine,
  priceBps: 5_500 + 500 * place,
  free: ENDOWMENT,
  stake: 0,
});
