/** A command was not sent: the node is cut off from the log. Nothing was signed, so it has no effect, now or later. */
export class LogAwayError extends Error {
  override readonly name = 'LogAwayError';
  readonly code = 'log_away';
  /** Local time since when, ms. */
  readonly since: number;

  constructor({ since, why }: { readonly since: number; readonly why: string | null }, message: string, now: number) {
    super(`${message}; it is lost for ${Math.max(0, now - since)} ms${why === null ? '' : `: ${why}`}`);
    this.since = since;
  }
}
