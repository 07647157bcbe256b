/** The table of operations, what is read and checked by it, and its document. */
export type ApiTable = typeof import('./table.ts');

/** Loads the table. Whoever only calls a node needs none of it, and starts sooner. */
export const loadTable = (): Promise<ApiTable> => import('./table.ts');
