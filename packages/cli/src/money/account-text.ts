import type { Account } from '@canswarm/api';
import { creditsOf, percent, safe, table } from '../text.ts';

/** What a key owns and owes, for people. */
export function accountText({
  name,
  did,
  org,
  free,
  withheld,
  stake,
  reserve,
  active,
  silences,
  suspended,
  unbondings,
  delegations,
  escrows,
  reputation,
}: Account): string {
  const drawn =
    active === null
      ? 'no verifier'
      : active && !suspended
        ? 'can be drawn'
        : suspended
          ? 'suspended until it conforms'
          : 'is not drawn';
  const rows = [
    ['free', creditsOf(free)],
    ...(withheld === 0 ? [] : [['withheld', `${creditsOf(withheld)} of trials, free with the next task that is none`]]),
    ['stake', `${creditsOf(stake)} free of seats, ${creditsOf(reserve)} behind seats`],
    ...reputation.map(({ domain, points, standing }) => [
      'reputation',
      `${percent(standing)} ${domain === 'judge' ? 'as a judge' : `in work of class ${safe(domain.slice('work/'.length))}`}, ${creditsOf(points)} earned`,
    ]),
    ...delegations.map(({ delegator, delegate, most, free: idle, reserved }) => [
      delegate === did ? 'of others' : 'delegated',
      `${creditsOf(idle)} free of seats, ${creditsOf(reserved)} behind seats, ${delegate === did ? `of …${delegator.slice(-8)}` : `behind …${delegate.slice(-8)}`}, at most ${creditsOf(most)}`,
    ]),
    ...unbondings.map(({ id, amount: left, over, endsAt, delegate }) => [
      'unbonding',
      `${creditsOf(left)}, ${over ? 'can be withdrawn' : endsAt === null ? 'begins with the next tick' : `until ${new Date(endsAt).toISOString()}`}${delegate === null ? '' : `, was behind …${delegate.slice(-8)}`}, …${id.slice(-8)}`,
    ]),
    ...escrows.map(({ id, payer, payee, amount: held, endsAt }) => [
      'escrow',
      `${creditsOf(held)} ${payer === did ? `for …${payee.slice(-8)}` : `from …${payer.slice(-8)}`}, ${endsAt === null ? 'its time begins with the next tick' : `back at ${new Date(endsAt).toISOString()}`}, …${id.slice(-8)}`,
    ]),
  ];
  const head = `${safe(name)}, ${org === null ? 'of nobody' : safe(org)}, ${drawn}${silences === 0 ? '' : `, ${silences} silences`}\n${did}`;
  return `${head}\n${table(rows)}`;
}
