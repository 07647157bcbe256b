import type { KernelEvent } from '@canswarm/kernel';
import type { Did, Micro } from '@canswarm/protocol';

/** Postings that pay somebody for work or for being right. */
const PAYS: ReadonlySet<string> = new Set([
  'price',
  'planner_share',
  'undecidable_pay',
  'seat_fee',
  'bond_shared',
  'slash_shared',
]);
/** Postings that take from somebody who was wrong or absent. */
const TAKES: ReadonlySet<string> = new Set([
  'bond_burned',
  'bond_funds_attempt',
  'bond_shared',
  'reserve_burned',
  'slash_shared',
  'stake_burned',
  'silence_fee',
  'challenge_bond_burned',
]);

/** Who was paid, and who lost money, as the postings of a log say. */
export class Tally {
  readonly paid = new Map<Did, Micro>();
  readonly slashed = new Set<Did>();

  take(events: readonly KernelEvent[]): void {
    for (const event of events) {
      if (event.type !== 'posting') continue;
      if (PAYS.has(event.code) && event.credit.startsWith('free/')) {
        const did = event.credit.slice('free/'.length) as Did;
        this.paid.set(did, (this.paid.get(did) ?? 0) + event.amount);
      }
      const loser = TAKES.has(event.code) ? didOf(event.debit) : null;
      if (loser !== null) this.slashed.add(loser);
    }
  }
}

/** Whose account it is: every account of a key ends with its did, but challenge bonds. */
function didOf(account: string): Did | null {
  const at = account.indexOf('did:key:');
  return at < 0 ? null : (account.slice(at) as Did);
}
