const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something else listens there',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'not permitted',
};

/** Thrown where an endpoint cannot listen. */
export class ListenError extends Error {
  override readonly name = 'ListenError';

  /** `addresses` as multiaddrs; the cause is of libp2p, whose message alone holds what the system said. */
  constructor(addresses: readonly string[], cause: unknown) {
    const said = String(cause);
    const code = Object.keys(REASONS).find((known) => said.includes(known));
    super(`cannot listen at ${addresses.join(', ')}: ${code === undefined ? said : REASONS[code]}`, { cause });
  }
}
