/** Sizes in bytes and times in ms that several operations share. */
export const MIB = 1024 * 1024;
export const JSON_BYTES_MAX = 65_536;
/** How long a request without a large body may take to arrive. */
export const SOON_MS = 10_000;
/** How long large bodies may take, and answers that take work. */
export const LONG_MS = 300_000;
