/** What was found on this machine about one thing that canswarm needs. */
export interface Finding {
  readonly name: string;
  /** `warning`: it works, but something may go wrong. `failed`: canswarm, or the network, does not work here. */
  readonly status: 'ok' | 'warning' | 'failed';
  /** What was found. */
  readonly found: string;
  /** What it means for canswarm. */
  readonly means: string;
  /** What to do; empty when nothing is to be done. */
  readonly todo: string;
}

/** What is not as it should be with something that has its name already. */
export type Fault = Omit<Finding, 'name'>;

/** A thing that canswarm needs: how to look at it, and what it means when looking fails. */
export interface Examination {
  readonly name: string;
  readonly means: string;
  /** What to do when it fails. */
  readonly todo: string;
  /** Gives what was found; throws when it does not work. `warn` says what may go wrong. */
  look(): Promise<{ readonly found: string; readonly warn?: string }>;
}

/** Looks, and turns whatever is thrown into a finding. */
export async function examineOne({ name, means, todo, look }: Examination): Promise<Finding> {
  try {
    const { found, warn } = await look();
    if (warn !== undefined) return { name, status: 'warning', found, means, todo: warn };
    return { name, status: 'ok', found, means, todo: '' };
  } catch (error) {
    return { name, status: 'failed', found: error instanceof Error ? error.message : String(error), means, todo };
  }
}
