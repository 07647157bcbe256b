import type { State } from '@canswarm/kernel';
import type { Store } from '@canswarm/ports';

/** Where the store of a node whose log began another life keeps how far that log went then: a position, decimal. */
export const LIFE = 'life_at';

/**
 * Whether a node has yet to come as far as its log went when that began another life without what the node held. Its keys signed for positions up
 * to there before, of the life that ended: until it is there it says nothing, so that nobody has two heads of one position by them.
 */
export function catchingUp(store: Pick<Store, 'get'>, state: Pick<State, 'position'>): () => boolean {
  const saved = store.get(LIFE);
  const position = saved === undefined ? 0 : Number(new TextDecoder().decode(saved));
  return () => state.position < position;
}
