import type { Hindrance } from 'canswarm';
import { count, credits, creditsOf, oneLine } from '../text.ts';

type Lost = Extract<Hindrance, { code: 'bids_lost' }>;
type Cause = Lost['causes'][number];

/** Why no bid counted, every cause; and what the requester can do about the first. */
export function lostAdvice({ causes, bond }: Lost): { readonly what: string; readonly todo: string } {
  const told = causes.map((cause) => causeText(cause, bond));
  return {
    what: `Bids came, and none of them counted: ${told.map(({ what }) => what).join('; ')}`,
    todo: told[0]?.todo ?? '',
  };
}

function causeText(
  { cause, bids, least, detail }: Cause,
  bond: number,
): { readonly what: string; readonly todo: string } {
  const [some, keys] = [count(bids, 'bid'), count(bids, 'bidder')];
  switch (cause) {
    case 'over_cap':
      return {
        what: `${some} above the cap that was sealed, the least ${creditsOf(least ?? 0)}`,
        todo: `Post it again with --seal-cap ${credits(least ?? 0)} or more`,
      };
    case 'cap_sealed':
      return {
        what: `${some}, and the cap that was sealed was not opened`,
        todo: 'The node that posts a need with a sealed cap has to run until it is decided: canswarm up; then post it again',
      };
    case 'bond_lacking':
      return {
        what: `${keys} without the bond of ${credits(bond)} free`,
        todo: 'Their owners have to give them more (canswarm pay send); a need that gives less asks for a smaller bond',
      };
    case 'policy_denied':
      return {
        what: `the policy of the network denies the bids of ${keys}`,
        todo: 'See by which rule in what their nodes log: canswarm logs. The authority of the network can publish another: canswarm policy publish',
      };
    case 'need_policy_denied':
      return {
        what: `the need's own policy denies the bids of ${keys}, or they could not ask it`,
        todo: 'See by which rule in what their nodes log: canswarm logs. Post it again with another --policy; the node that posts it has to run',
      };
    case 'bid_unfit':
      return {
        what: `${keys} asked more than it gives, or more time than its deadline leaves`,
        todo: 'See what they ask: canswarm agents. Post it again with more money, or a later --deadline',
      };
    case 'unfit':
      return {
        what: `${some} that ${bids === 1 ? 'is' : 'are'} none by the rules (${oneLine(detail ?? 'unsound')})`,
        todo: 'Their owners have to mend that. See who else offers the skill: canswarm agents',
      };
    case 'seals_hidden':
      return {
        what: `${some} of an organisation that did not open all that it sealed`,
        todo: 'Its nodes have to run until bids are opened. Post it again',
      };
    case 'late':
    case 'too_late':
      return { what: `${some} after the window`, todo: 'Post it again' };
    case 'seal_unknown':
    case 'opening_other':
      return { what: `${keys} opened what they had not sealed`, todo: 'Their owners have to mend that. Post it again' };
    case 'bids_full':
      return { what: `${keys} found no room beside better ones`, todo: 'Post it again' };
    default:
      return { what: `${some}: ${oneLine(cause)}`, todo: 'Post it again' };
  }
}

/** Why a bid is not the one that leads, in a few words; empty: it leads, or nothing is known. */
export function lossText({ code, detail }: { readonly code: string; readonly detail: string | null }): string {
  const words = LOSSES[code] ?? code;
  return detail === null ? words : `${words} (${oneLine(detail)})`;
}

const LOSSES: Readonly<Record<string, string>> = {
  outscored: 'another scores higher',
  own_better: 'another of the same organisation stands',
  over_cap: 'above the sealed cap',
  cap_sealed: 'the cap is not opened',
  bond_lacking: 'its bond is not free',
  unfit: 'no bid by the rules',
  seals_hidden: 'its organisation hides another seal',
  late: 'came late',
};
