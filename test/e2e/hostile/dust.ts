import { quoteCast } from '@canswarm/simulator';
import type { CastMember } from 'canswarm';
import { type Attack, UNDISTURBED_MS } from './stage.ts';

const KEYS = 150;

/** One organisation's verifiers with a millionth of a credit each, before all others. */
function dustCast(): readonly CastMember[] {
  const cast = quoteCast();
  const [model] = cast;
  if (model === undefined) throw new Error('a cast has a verifier');
  const dust = Array.from(
    { length: KEYS },
    (_, index): CastMember => ({
      ...model,
      name: `dust-${index + 1}`,
      org: 'dust-co',
      asn: 63_000,
      stake: 1,
    }),
  );
  return [...dust, ...cast];
}

/** More keys than reports fit a TICK, all of them louder than those with stake. */
export const dustVerifiers: Attack = {
  name: 'hundreds of verifiers with dust for stake report time',
  cast: dustCast(),
  hosts: 3,
  withinMs: UNDISTURBED_MS + 300,
  prepare: () => undefined,
};
