/** A token of one of two texts that are aligned. */
export interface AlignedToken {
  readonly canonical: string;
  readonly start: number;
  readonly end: number;
  readonly word: boolean;
}

/** What becomes of tokens along an alignment; either side may be missing, by index. */
export interface Step {
  readonly written: number | null;
  readonly stands: number | null;
  readonly same: boolean;
}

const SAME = 0;
/** Only letter case or a mark of the same kind differs. */
const CASE_COST = 1;
const CHANGE_COST = 2;
const GAP_COST = 2;

const FROM_BOTH = 1;
const FROM_WRITTEN = 2;
const FROM_STANDS = 3;

/**
 * The cheapest way to turn the written tokens into some stretch of the standing ones; what stands before and after that stretch
 * costs nothing. Time and space are the product of the lengths: callers bound it.
 */
export function align(written: readonly AlignedToken[], stands: readonly AlignedToken[]): readonly Step[] {
  const width = stands.length + 1;
  const moves = new Uint8Array((written.length + 1) * width);
  let above = new Int32Array(width);
  let row = new Int32Array(width);
  for (let i = 1; i <= written.length; i += 1) {
    row[0] = i * GAP_COST;
    moves[i * width] = FROM_WRITTEN;
    for (let j = 1; j < width; j += 1) {
      const both = (above[j - 1] ?? 0) + cost(written[i - 1], stands[j - 1]);
      const drop = (above[j] ?? 0) + GAP_COST;
      const add = (row[j - 1] ?? 0) + GAP_COST;
      const best = Math.min(both, drop, add);
      row[j] = best;
      moves[i * width + j] = best === both ? FROM_BOTH : best === drop ? FROM_WRITTEN : FROM_STANDS;
    }
    [above, row] = [row, above];
  }
  let end = 0;
  for (let j = 1; j < width; j += 1) if ((above[j] ?? 0) <= (above[end] ?? 0)) end = j;
  return traced(written, stands, moves, end);
}

function cost(a: AlignedToken | undefined, b: AlignedToken | undefined): number {
  if (a === undefined || b === undefined) return CHANGE_COST;
  if (a.canonical === b.canonical) return SAME;
  if (a.word !== b.word) return CHANGE_COST + GAP_COST;
  return a.canonical.toLowerCase() === b.canonical.toLowerCase() ? CASE_COST : CHANGE_COST;
}

function traced(
  written: readonly AlignedToken[],
  stands: readonly AlignedToken[],
  moves: Uint8Array,
  end: number,
): readonly Step[] {
  const width = stands.length + 1;
  const steps: Step[] = [];
  let i = written.length;
  let j = end;
  while (i > 0) {
    const move = moves[i * width + j];
    if (move === FROM_BOTH) {
      i -= 1;
      j -= 1;
      steps.push({ written: i, stands: j, same: written[i]?.canonical === stands[j]?.canonical });
    } else if (move === FROM_STANDS) {
      j -= 1;
      steps.push({ written: null, stands: j, same: false });
    } else {
      i -= 1;
      steps.push({ written: i, stands: null, same: false });
    }
  }
  return steps.reverse();
}
