/** Figures by name; names are the contract. */
export type Metrics = Record<string, number>;

/** A part of a suite: measures, says what it does on standard error, gives its figures. */
export type Part = (say: (line: string) => void) => Promise<Metrics> | Metrics;
