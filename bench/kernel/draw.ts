import { committeeSize, drawSeats, freeStake, poolOf, type State } from '@canswarm/kernel';
import { utf8 } from '@canswarm/protocol';
import { figure, median } from '../measure.ts';
import type { Metrics } from '../metrics.ts';
import { didAt, sha256 } from './entries.ts';
import { addVerifier, emptyState } from './states.ts';

const SIZES = [50, 1_000, 10_000] as const;
const ROUNDS = 15;
const KEYS_PER_ENTITY = 4;
const REGIONS = ['eu', 'us', 'ap', 'sa'] as const;
const CREDIT = 1_000_000;

/** What a committee costs to draw: the pool of the position made anew, then every seat. */
export function drawBench(say: (line: string) => void): Metrics {
  const metrics: Metrics = {};
  for (const size of SIZES) {
    const state = stateOf(size);
    const taken: number[] = [];
    let seats = 0;
    for (let round = 0; round <= ROUNDS; round += 1) {
      state.pool = null;
      const start = performance.now();
      seats = draw(state, round);
      // The first round warms up.
      if (round > 0) taken.push((performance.now() - start) * 1_000);
    }
    say(`  ${seats} seats of ${size} members`);
    metrics[`draw.committeeUs.${size}`] = figure(median(taken));
  }
  metrics['draw.committee10kUs'] = metrics['draw.committeeUs.10000'] ?? Number.NaN;
  return metrics;
}

function draw(state: State, round: number): number {
  const pool = poolOf(state);
  const size = committeeSize(state, pool, { eligible: pool.entities.length, level: 1, bootstrap: false });
  if (size === null) throw new Error('too few entities');
  const drawn = drawSeats(
    {
      pool,
      barred: new Set(),
      seated: [],
      seats: size.n,
      caps: { asn: size.n, region: size.n },
      seed: sha256(utf8(`seed ${round}`)),
      reserve: CREDIT,
      freeStake: (did) => freeStake(state, did),
    },
    sha256,
  );
  if (drawn === null) throw new Error('the pool cannot fill every seat');
  return drawn.length;
}

/** A network of so many verifiers, a few for each organisation. */
function stateOf(members: number): State {
  const state = emptyState('main');
  for (let index = 0; index < members; index += 1) {
    const org = Math.floor(index / KEYS_PER_ENTITY);
    const region = REGIONS[org % REGIONS.length] ?? '';
    addVerifier(state, didAt(index), {
      org: `o${org}`,
      asn: 1_000 + (org % 500),
      region,
      stake: (100 + (index % 50)) * CREDIT,
    });
  }
  return state;
}
