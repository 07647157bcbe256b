const REASONS_MAX = 8;
const SHOWN_MAX = 90;

/** Reasons why a result is wrong, as many as anybody reads. */
export class Faults {
  readonly reasons: string[] = [];

  add(reason: string): void {
    if (this.reasons.length < REASONS_MAX) this.reasons.push(reason);
  }
}

/** As many reasons as anybody reads; the others are not even looked for. */
export async function firstReasons(faults: AsyncIterable<string>): Promise<readonly string[]> {
  const reasons: string[] = [];
  for await (const reason of faults) {
    reasons.push(reason);
    if (reasons.length === REASONS_MAX) break;
  }
  return reasons;
}

/** The beginning of something for a reason. */
export const shown = (text: string): string =>
  (text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}...` : text).toWellFormed();
