import { challengeSeal, toHex, type VerifiedEnvelope } from '@canswarm/protocol';
import { dropAlarm, openAlarm } from '../alarms.ts';
import { commitRow, largest, needRow } from '../committees.ts';
import { benchFor, firstJury, JURY_CLASSES, openInstance } from '../disputes.ts';
import { sha256 } from '../hash.ts';
import { balance, move } from '../ledger.ts';
import type { Part, Said } from '../part.ts';
import { proof } from '../proofs.ts';
import type { CommitRow, Model, SealRow } from '../tables.ts';
import { endSeal, liveSeals, overturn, sealBond, settleSeats, strike } from '../verdicts.ts';

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

/** Whether results, or votes, may still be challenged. */
function isOpen(model: Model, kind: string, commit: CommitRow): boolean {
  if (kind === 'equivocation' || kind === 'false_digest') return !commit.holdPassed;
  return commit.verdict === 'pass' && !commit.windowClosed && needRow(model, commit.need).phase === 'verified';
}

function bondOf(model: Model, commit: CommitRow, kind: string): number {
  const seats = JURY_CLASSES.includes(kind) ? firstJury(model, commit).n : largest(model, commit.level);
  return sealBond(model, commit, needRow(model, commit.need).body.seatFee * seats);
}

export const challenge: Part<'CHALLENGE'> = {
  verb: 'CHALLENGE',
  *faults(model, said) {
    const { from, body, entry } = said;
    const commit = model.commits.find(({ id, settled }) => id === (body.subject as string) && !settled);
    if (commit === undefined) return yield 'challenge_subject';
    const live = liveSeals(model, commit.id);
    if (body.opening !== null) {
      const seal = openedSeal(model, said);
      if (seal === undefined || sealDue(entry.envelope) !== seal.seal) yield 'seal_unknown';
      else if (live.find((other) => other.class === body.class) !== seal) yield 'seal_earlier';
      else if (seal.dispute !== null) yield 'seal_opened';
      return;
    }
    if (!isOpen(model, body.class, commit)) yield 'challenge_window';
    if (live.some((seal) => seal.challenger === from && seal.seal === toHex(body.seal))) yield 'seal_taken';
    if (JURY_CLASSES.includes(body.class) && benchFor(model, commit, { asker: from, seal: null, instance: 1 }) === null)
      yield 'jury_lacking';
    if (balance(model, `free/${from}`) < bondOf(model, commit, body.class)) yield 'funds_lacking';
  },
  follow(model, said) {
    const { id, from, body, entry } = said;
    const commit = commitRow(model, body.subject);
    if (body.opening === null) {
      const first = !liveSeals(model, commit.id).some((seal) => seal.class === body.class);
      const bond = bondOf(model, commit, body.class);
      move(model, `free/${from}`, `bond/challenge/${id}`, bond);
      const seal = toHex(body.seal);
      const { position } = model;
      model.seals.push({
        id,
        position,
        commit: commit.id,
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
    if (JURY_CLASSES.includes(body.class)) {
      dropAlarm(model, `opening:${seal.id}`);
      seal.dispute = { instance: 1, ruling: null, appeals: [] };
      const bench = benchFor(model, commit, { asker: from, seal, instance: 1 });
      return openInstance(model, commit, seal, bench ?? firstJury(model, commit));
    }
    const { upheld, seat } = proof(model, commit, body, entry.evidence);
    endSeal(model, seal, upheld);
    if (upheld && seat !== null) strike(model, seat, from);
    if (upheld && seat === null) overturn(model, commit, seal);
    else settleSeats(model, commit);
  },
};
