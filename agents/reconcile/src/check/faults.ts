const FAULTS_MAX = 8;
const SHOWN_MAX = 90;

/** Reasons why a result is wrong, as many as anybody reads. */
export class Faults {
  readonly reasons: string[] = [];

  add(reason: string): void {
    if (this.reasons.length < FAULTS_MAX) this.reasons.push(reason);
  }
}

/** The beginning of something for a reason. */
export const shown = (text: string): string =>
  (text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}...` : text).toWellFormed();
