import type { RejectionCode } from '@canswarm/kernel';

const MICRO_PER_CREDIT = 1_000_000n;
const DECIMALS = 6;

/** Codes of rejections whose numbers are all amounts, in micro-credits. */
const ABOUT_MONEY: ReadonlySet<RejectionCode> = new Set<RejectionCode>([
  'funds_lacking',
  'fee_lacking',
  'stake_lacking',
  'escrow_exceeded',
  'supply_cap',
  'price_over_cap',
  'trial_over_cap',
  'fund_lacking',
  'delegation_refused',
  'delegation_small',
]);

/** Micro-credits, from 0, as people read them, exactly: `0.000001 credits`. */
export function creditsText(micro: number): string {
  const whole = BigInt(micro) / MICRO_PER_CREDIT;
  const part = String(BigInt(micro) % MICRO_PER_CREDIT)
    .padStart(DECIMALS, '0')
    .replace(/0+$/, '');
  return `${whole}${part === '' ? '' : `.${part}`} ${micro === Number(MICRO_PER_CREDIT) ? 'credit' : 'credits'}`;
}

/** What a rejection was judged by, for people: amounts are in credits. */
export const factsText = (code: RejectionCode, facts: Readonly<Record<string, unknown>>): string =>
  Object.entries(facts)
    .map(([name, value]) => {
      const isAmount = ABOUT_MONEY.has(code) && typeof value === 'number';
      return `${name} ${isAmount ? creditsText(value) : String(value)}`;
    })
    .join(', ');
