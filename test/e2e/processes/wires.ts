import { execFileSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import type { Cluster } from './cluster.ts';

const PREFIX = 'canswarm';
const HUB = 'hub';
/** This machine itself, where it takes part. */
export const MACHINE = 'machine';
const NETWORKS = 250;
/** A card that nobody has: what is sent to it is lost on the way, as on a wire that is cut. */
const NOBODY = '02:00:00:00:00:01';
let made = 0;

const ip = (...args: readonly string[]): void => void execFileSync('ip', args, { stdio: 'pipe' });

export interface WiresOptions {
  /** Whether this machine is on the wires too, as `MACHINE`. */
  readonly withMachine?: boolean;
}

/**
 * Network namespaces of this machine, one for each name, on one switch. Between any two of them the wire can be cut: what they send
 * to each other is lost, and nobody is told. Needs the rights of root. Nothing of it is reached from outside, and `remove` leaves
 * nothing behind.
 */
export class Wires {
  readonly #names: readonly string[];
  readonly #tag: string;
  readonly #network: number;
  /** Pairs of names between which nothing passes. */
  #cuts: (readonly [string, string])[] = [];

  private constructor(names: readonly string[], tag: string, network: number) {
    this.#names = names;
    this.#tag = tag;
    this.#network = network;
  }

  /** Whether this process may make namespaces. */
  static possible(): boolean {
    try {
      const name = `${PREFIX}-probe-${process.pid}`;
      ip('netns', 'add', name);
      ip('netns', 'del', name);
      return true;
    } catch {
      return false;
    }
  }

  static make(names: readonly string[], { withMachine = false }: WiresOptions = {}): Wires {
    made += 1;
    const all = withMachine ? [...names, MACHINE] : names;
    const wires = new Wires(all, `${process.pid}-${made}`, freeNetwork());
    const middle = wires.#space(HUB);
    ip('netns', 'add', middle);
    ip('-n', middle, 'link', 'add', 'name', HUB, 'type', 'bridge');
    ip('-n', middle, 'link', 'set', HUB, 'up');
    for (const [index, name] of all.entries()) {
      const there = wires.#at(name);
      const space = name === MACHINE ? [] : ['netns', wires.#space(name)];
      if (name === MACHINE)
        ip('link', 'add', wires.#card(name), 'type', 'veth', 'peer', 'name', `port-${index}`, 'netns', middle);
      else {
        ip('netns', 'add', wires.#space(name));
        ip(...there, 'link', 'set', 'lo', 'up');
        ip('-n', middle, 'link', 'add', `port-${index}`, 'type', 'veth', 'peer', 'name', wires.#card(name), ...space);
      }
      ip('-n', middle, 'link', 'set', `port-${index}`, 'master', HUB, 'up');
      ip(...there, 'addr', 'add', `${wires.addressOf(name)}/24`, 'dev', wires.#card(name));
      ip(...there, 'link', 'set', wires.#card(name), 'up');
    }
    return wires;
  }

  addressOf(name: string): string {
    return `10.77.${this.#network}.${this.#names.indexOf(name) + 1}`;
  }

  /** What stands before a command so that it runs on the wires. */
  entry(name: string): readonly string[] {
    return ['ip', 'netns', 'exec', this.#space(name)];
  }

  /** Cuts each of the ones from each of the others, beside what is cut already. */
  cut(ones: readonly string[], others: readonly string[]): void {
    const pairs = ones.flatMap((one) => others.map((other) => [one, other] as const));
    this.#cuts.push(...pairs);
    this.#neighbours(pairs, (at, card) => `replace ${at} lladdr ${NOBODY} dev ${card} nud permanent`);
  }

  /** Mends all that was cut. */
  heal(): void {
    const pairs = this.#cuts;
    this.#cuts = [];
    this.#neighbours(pairs, (at, card) => `del ${at} dev ${card}`);
  }

  remove(): void {
    for (const name of [HUB, ...this.#names.filter((name) => name !== MACHINE)]) ip('netns', 'del', this.#space(name));
  }

  /** Does something to what either of each pair knows of the other. */
  #neighbours(pairs: readonly (readonly [string, string])[], what: (at: string, card: string) => string): void {
    const both = pairs.flatMap(([one, other]) => [[one, other] as const, [other, one] as const]);
    for (const [name, own] of Map.groupBy(both, ([name]) => name)) {
      const addresses = new Set(own.map(([, other]) => this.addressOf(other)));
      const lines = [...addresses].map((address) => `neigh ${what(address, this.#card(name))}\n`);
      execFileSync('ip', [...this.#at(name), '-batch', '-'], {
        input: lines.join(''),
        stdio: ['pipe', 'pipe', 'pipe'],
      });
    }
  }

  #at(name: string): readonly string[] {
    return name === MACHINE ? [] : ['-n', this.#space(name)];
  }

  /** The kernel allows 15 characters. */
  #card(name: string): string {
    return name === MACHINE ? `can${this.#tag}` : 'eth0';
  }

  #space(name: string): string {
    return `${PREFIX}-${this.#tag}-${name}`;
  }
}

/** A network that this machine has no card in. */
function freeNetwork(): number {
  const taken = new Set(
    Object.values(networkInterfaces()).flatMap((cards = []) => cards.map(({ address }) => address)),
  );
  const isFree = (network: number): boolean => ![...taken].some((address) => address.startsWith(`10.77.${network}.`));
  const start = process.pid % NETWORKS;
  return Array.from({ length: NETWORKS }, (_, i) => (start + i) % NETWORKS).find(isFree) ?? start;
}

/** Tells every node where the others are on the wires. */
export function layOn(cluster: Cluster, wires: Wires): void {
  const files = cluster.names.map((name) => ({
    folder: cluster.folder.node(name),
    file: cluster.folder.node(name).read(),
  }));
  const moved = new Map(files.map(({ file }) => [`/tcp/${file.port}/`, wires.addressOf(file.name)]));
  for (const { folder, file } of files) {
    const bootstrap = file.bootstrap.map((address) => {
      const [port, to] = [...moved].find(([part]) => address.includes(part)) ?? ['', ''];
      return address.replace(/^\/ip4\/[0-9.]+\/tcp\/[0-9]+\//, `/ip4/${to}${port}`);
    });
    folder.write({ ...file, bootstrap });
  }
}
