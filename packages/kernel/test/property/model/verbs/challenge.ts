import { challengeSeal, toHex, type VerifiedEnvelope } from '@canswarm/protocol';
import { dropAlarm, openAlarm } from '../alarms.ts';
import { largest, needRow } from '../committees.ts';
import { benchFor, firstJury, JURY_CLASSES, openInstance } from '../disputes.ts';
import { sha256 } from '../hash.ts';
import { balance, ceilOf, move } from '../ledger.ts';
import type { Part, Said } from '../part.ts';
import { planProof, proof } from '../proofs.ts';
import type { CommitRow, Model, NeedRow, SealRow } from '../tables.ts';
import { endSeal, juryOf, liveSeals, overturn, resume, saying, sealBond, strike, strikePlan } from '../verdicts.ts';

/** The live seal that an entry opens. */
function openedSeal(model: Model, { from, body }: Said<'CHALLENGE'>): SealRow | undefined {
  return liveSeals(model, body.subject).find(
    (seal) => seal.class === body.class && seal.challenger === from && seal.seal === toHex(body.seal),
  );
}

/** What must have been sealed for this entry to open it. */
function sealDue({ payload }: VerifiedEnvelope): string | null {
  if (payload.verb !== 'CHALLENGE' || payload.body.opening === null) return null;
  const { subject, class: kind, opening } = payload.body;
  const { salt, claim } = opening;
  const { from: challenger, evidence } = payload;
  return toHex(challengeSeal({ challenger, subject, class: kind, salt, claim, evidence }, sha256));
}

interface About {
  readonly subject: string;
  /** Null where votes on the plan of the need are challenged. */
  readonly commit: CommitRow | null;
  readonly need: NeedRow;
}

/** What a challenge is about, while it is not settled. */
function aboutOf(model: Model, subject: string): About | undefined {
  const commit = model.commits.find(({ id, settled }) => id === subject && !settled) ?? null;
  const need = model.needs.find(({ id, settled }) => id === (commit?.need ?? subject) && !settled);
  return need === undefined ? undefined : { subject, commit, need };
}

/** Whether results, or votes, may still be challenged. */
function isOpen(model: Model, kind: string, { commit, need }: About): boolean {
  if (commit === null) {
    const open = model.commits.some((row) => row.need === need.id && !row.settled);
    const pays =
      need.phase !== 'final' || open || model.needs.some((row) => row.parent?.need === need.id && !row.settled);
    return (kind === 'equivocation' || kind === 'worse_bid') && pays;
  }
  if (kind === 'worse_bid') return false;
  if (kind === 'equivocation' || kind === 'false_digest') return !commit.holdPassed;
  if (commit.verdict === 'pass') return !commit.windowClosed && need.phase === 'verified';
  return commit.verdict !== null && !JURY_CLASSES.includes(kind) && !commit.holdPassed;
}

function bondOf(model: Model, { subject, commit, need }: About, kind: string): number {
  const seats =
    commit !== null && JURY_CLASSES.includes(kind) ? firstJury(model, commit).n : largest(model, commit?.level ?? 1);
  return sealBond(model, subject, need.body.seatFee * seats);
}

/** What the kernel's judgement of an opening costs: nothing where a jury judges. */
function openingCost({ params, policy }: Model, { body, entry }: Said<'CHALLENGE'>): number {
  if (JURY_CLASSES.includes(body.class)) return 0;
  const parts = [...entry.evidence.envelopes.map(({ bytes }) => bytes), ...entry.evidence.blocks.values()];
  let bytes = 0;
  for (const part of parts) bytes += part.length;
  const ofPolicy = body.class === 'policy_violation' ? (policy?.asked.get(body.subject)?.policy.gas ?? 0) : 0;
  const isByGas = ['schema_violation', 'policy_violation'].includes(body.class);
  const gas = isByGas ? ceilOf(Math.max(params.proofGas, ofPolicy), 1, 10_000) : 0;
  return params.proofUnitBond * (parts.length + ceilOf(bytes, 1, 1024) + gas);
}

export const challenge: Part<'CHALLENGE'> = {
  verb: 'CHALLENGE',
  *faults(model, said) {
    const { from, body, entry } = said;
    const about = aboutOf(model, body.subject);
    if (about === undefined) return yield 'challenge_subject';
    const live = liveSeals(model, body.subject);
    if (body.opening !== null) {
      const seal = openedSeal(model, said);
      if (seal === undefined || sealDue(entry.envelope) !== seal.seal) yield 'seal_unknown';
      else if (live.find((other) => other.class === body.class) !== seal) yield 'seal_earlier';
      else if (seal.dispute !== null) yield 'seal_opened';
      if (balance(model, `free/${from}`) < openingCost(model, said)) yield 'funds_lacking';
      return;
    }
    if (!isOpen(model, body.class, about)) yield 'challenge_window';
    if (live.some((seal) => seal.challenger === from && seal.seal === toHex(body.seal))) yield 'seal_taken';
    const isLacking = (commit: CommitRow): boolean =>
      benchFor(model, commit, { asker: from, seal: null, instance: 1 }) === null;
    if (JURY_CLASSES.includes(body.class) && about.commit !== null && isLacking(about.commit)) yield 'jury_lacking';
    if (model.seals.filter((seal) => seal.live && seal.challenger === from).length >= model.params.maxSealsPerKey)
      yield 'too_many_open';
    if (balance(model, `free/${from}`) < bondOf(model, about, body.class)) yield 'funds_lacking';
  },
  follow(model, said) {
    const { id, from, body, entry } = said;
    const about = aboutOf(model, body.subject);
    if (about === undefined) return;
    const { commit } = about;
    if (body.opening === null) {
      const first = !liveSeals(model, body.subject).some((seal) => seal.class === body.class);
      const bond = bondOf(model, about, body.class);
      move(model, `free/${from}`, `bond/challenge/${id}`, bond);
      const seal = toHex(body.seal);
      const { position } = model;
      model.seals.push({
        id,
        position,
        subject: body.subject,
        class: body.class,
        challenger: from,
        seal,
        bond,
        live: true,
        dispute: null,
      });
      if (first) openAlarm(model, `opening:${id}`, model.params.openingMs);
      return;
    }
    const seal = openedSeal(model, said);
    if (seal === undefined) return;
    if (commit !== null && JURY_CLASSES.includes(body.class)) {
      dropAlarm(model, `opening:${seal.id}`);
      seal.dispute = { instance: 1, ruling: null, appeals: [] };
      const bench = benchFor(model, commit, { asker: from, seal, instance: 1 });
      return openInstance(model, commit, seal, bench ?? firstJury(model, commit));
    }
    if (commit === null) {
      move(model, `free/${from}`, `bond/challenge/${seal.id}`, openingCost(model, said));
      const worth = planProof(model, about.need, body.class, entry.evidence.envelopes);
      endSeal(model, seal, worth !== null);
      if (worth !== null) strikePlan(model, worth.committee, worth.seat, from);
      return resume(model, body.subject);
    }
    move(model, `free/${from}`, `bond/challenge/${seal.id}`, openingCost(model, said));
    const { upheld, seat } = proof(model, commit, body, entry.evidence);
    endSeal(model, seal, upheld);
    if (upheld && seat !== null) strike(model, needRow(model, commit.need).body.trial !== null, seat, from);
    if (upheld && seat === null) {
      if (commit.verdict === 'pass') return overturn(model, commit, seal);
      for (const passed of saying(juryOf(model, commit), 'pass'))
        strike(model, needRow(model, commit.need).body.trial !== null, passed, from);
    }
    resume(model, commit.id);
  },
};
