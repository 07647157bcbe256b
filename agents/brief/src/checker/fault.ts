/** Something wrong with a committed brief. */
export interface Fault {
  /** For people, one line; names the statement by its key. */
  readonly reason: string;
}

export const fault = (reason: string): Fault => ({ reason });
