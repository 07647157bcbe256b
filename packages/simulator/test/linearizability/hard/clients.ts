/** A stream of numbers from 0 to 1 that a seed draws (mulberry32). */
function drawn(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What is done to an object, and what somebody is told of it. */
export interface Thing<Input, Output> {
  /** What a client asks for; it sees nothing of the object. */
  draw(random: () => number, place: number): Input;
  /** Does it, and says what is answered. */
  apply(input: Input, place: number): Output;
  /** What could be answered wrongly, by what was answered before to the same question; undefined: nothing. */
  spoil(input: Input, output: Output, random: () => number): Output | undefined;
}

export interface Crowd {
  readonly seed: number;
  readonly clients: number;
  readonly operations: number;
  /** Of 100 calls those that are never answered; half of them take effect, at any time after. */
  readonly lostPercent: number;
  /** How long a client waits between calls at most; an answer takes 1 in the middle. */
  readonly pause: number;
  /** How many answers are wrong. */
  readonly wrong: number;
}

export interface Line<Input, Output> {
  readonly process: number;
  readonly kind: 'call' | 'answer' | 'lost';
  readonly input: Input;
  readonly output: Output | undefined;
}

interface Drawn<Input, Output> {
  readonly input: Input;
  readonly process: number;
  readonly called: number;
  /** Null: it never takes effect. */
  readonly done: number | null;
  readonly returned: number;
  readonly isLost: boolean;
  output?: Output;
}

/** What clients call at once and are answered by an object that does one thing after the other; then some answers are made wrong. */
export function crowd<Input, Output>(
  thing: Thing<Input, Output>,
  { seed, clients, operations, lostPercent, pause, wrong }: Crowd,
): readonly Line<Input, Output>[] {
  const random = drawn(seed);
  const calls: Drawn<Input, Output>[] = [];
  const free = Array.from({ length: clients }, (_, process) => ({ process, at: random() }));
  let processes = clients;
  for (let place = 0; place < operations; place += 1) {
    free.sort((a, b) => a.at - b.at);
    const client = free[0];
    if (client === undefined) throw new Error('a crowd has clients');
    const isLost = random() * 100 < lostPercent;
    const called = client.at + random() * pause;
    const reaches = called + random();
    const returned = reaches + random();
    const done = !isLost ? reaches : random() < 0.5 ? null : called + random() ** 3 * 40;
    calls.push({ input: thing.draw(random, place), process: client.process, called, done, returned, isLost });
    client.at = returned;
    // Who is not answered calls again under another name, as Jepsen has it.
    if (isLost) client.process = processes++;
  }
  const inTurn = calls.filter(({ done }) => done !== null).sort((a, b) => (a.done ?? 0) - (b.done ?? 0));
  for (const [place, call] of inTurn.entries()) call.output = thing.apply(call.input, place + 1);
  for (let left = wrong, tries = 0; left > 0 && tries < 10_000; tries += 1) {
    const call = calls[Math.floor((0.3 + 0.7 * random()) * calls.length)];
    if (call?.output === undefined || call.isLost) continue;
    const output = thing.spoil(call.input, call.output, random);
    if (output === undefined) continue;
    call.output = output;
    left -= 1;
  }
  const lines = calls.flatMap(({ input, process, called, returned, isLost, output }) => [
    { at: called, line: { process, kind: 'call' as const, input, output: undefined } },
    isLost
      ? { at: returned, line: { process, kind: 'lost' as const, input, output: undefined } }
      : { at: returned, line: { process, kind: 'answer' as const, input, output } },
  ]);
  return lines.sort((a, b) => a.at - b.at).map(({ line }) => line);
}
