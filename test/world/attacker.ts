import { Voice, type World } from '@canswarm/simulator';
import { SHARD } from 'canswarm';

/** Puts somebody into a world who says what keys can sign, its own or stolen ones; to be called before it starts. */
export const attacker = ({ crypto, clock, random, hub, log, network, nodes }: World): Voice =>
  new Voice({
    transport: hub.endpoint('attacker'),
    log,
    shard: SHARD,
    clock,
    crypto,
    keys: random.stream('attacker'),
    state: () => nodes.get('requester')?.state ?? network.person('requester').node.state,
  });
