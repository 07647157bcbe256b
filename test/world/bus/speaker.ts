/** One end of the bus under test. */
export interface Speaker {
  /** Where others reach it, a multiaddr. */
  readonly address: string;
  /** How many peers it is connected with. */
  peers(): number;
  /** How often it cut off a peer. */
  cutOff(): number;
  /** Says one thing to all. */
  say(): void;
  close(): Promise<void>;
}
