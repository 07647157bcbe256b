import type { LostBids } from './hindrance.ts';

/** A bid as a node judged it. */
export interface BidFacts {
  readonly price: number;
  readonly lost: { readonly code: string; readonly detail: string | null } | null;
}

/** Bids that count, whether they lead or not: they lost to nothing but a better one. */
export const counts = ({ lost }: BidFacts): boolean => lost === null || lost.code === 'outscored';

/** Why no bid counted, by cause, most bids first; what was refused comes after what was kept. Empty where one counted, or none came. */
export function whyLost(
  bids: readonly BidFacts[],
  refused: readonly { readonly code: string; readonly bidders: number }[],
): readonly LostBids[] {
  if (bids.some(counts)) return [];
  const causes = new Map<string, LostBids>();
  for (const { price, lost } of bids) {
    if (lost === null) continue;
    const { code: cause, detail } = lost;
    const before = causes.get(cause);
    causes.set(cause, {
      cause,
      bids: (before?.bids ?? 0) + 1,
      least: Math.min(before?.least ?? price, price),
      detail: before?.detail ?? detail,
    });
  }
  const others = refused.filter(({ code }) => !causes.has(code));
  return [
    ...[...causes.values()].sort((a, b) => b.bids - a.bids),
    ...others.map(({ code, bidders }) => ({ cause: code, bids: bidders, least: null, detail: null })),
  ];
}
