import type { History } from '../history/deeds.ts';
import { play } from '../play.ts';
import { plantedLaw } from './load.ts';
import type { Planted } from './planted.ts';

/** What became of a planted bug. */
export interface Kill {
  readonly id: string;
  readonly property: string;
  /** Histories until it was found; null if it was not. */
  readonly after: number | null;
  /** What was found, by the property that must; or what else was, where it was not. */
  readonly detail: string;
}

/** Plays histories against a law with a bug until the property that must find it does. */
export async function kill(planted: Planted, histories: readonly History[]): Promise<Kill> {
  const { id, property } = planted;
  const law = await plantedLaw(planted);
  const others = new Set<string>();
  let played = 0;
  for (const history of histories) {
    played += 1;
    const findings = play(history, law, true).broken?.findings ?? [];
    const found = findings.find((finding) => finding.property === property);
    if (found !== undefined) return { id, property, after: played, detail: found.detail };
    for (const finding of findings) others.add(finding.property);
  }
  const detail = others.size === 0 ? 'nothing was found' : `found by ${[...others].join(', ')} only`;
  return { id, property, after: null, detail };
}
