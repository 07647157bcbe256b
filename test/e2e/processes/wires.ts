import { execFileSync } from 'node:child_process';

const PREFIX = 'canswarm';
let made = 0;

const ip = (...args: readonly string[]): void => void execFileSync('ip', args, { stdio: 'pipe' });

/**
 * Network namespaces of this machine, one for each name, on two switches with a wire between them that can be cut. Needs the
 * rights of root. Nothing of it is reached from outside, and `remove` leaves nothing behind.
 */
export class Wires {
  readonly #names: readonly string[];
  readonly #tag: string;

  private constructor(names: readonly string[], tag: string) {
    this.#names = names;
    this.#tag = tag;
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

  /** @param isLeft on which of the two switches a name is */
  static make(names: readonly string[], isLeft: (name: string) => boolean): Wires {
    made += 1;
    const wires = new Wires(names, `${process.pid}-${made}`);
    const middle = wires.#space('middle');
    ip('netns', 'add', middle);
    for (const side of ['left', 'right']) ip('-n', middle, 'link', 'add', side, 'type', 'bridge');
    ip('-n', middle, 'link', 'add', 'wire-left', 'type', 'veth', 'peer', 'name', 'wire-right');
    for (const side of ['left', 'right']) {
      ip('-n', middle, 'link', 'set', `wire-${side}`, 'master', side, 'up');
      ip('-n', middle, 'link', 'set', side, 'up');
    }
    for (const [index, name] of names.entries()) {
      const space = wires.#space(name);
      ip('netns', 'add', space);
      ip('-n', space, 'link', 'set', 'lo', 'up');
      ip('-n', middle, 'link', 'add', `port-${index}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space);
      ip('-n', middle, 'link', 'set', `port-${index}`, 'master', isLeft(name) ? 'left' : 'right', 'up');
      ip('-n', space, 'addr', 'add', `${wires.addressOf(name)}/24`, 'dev', 'eth0');
      ip('-n', space, 'link', 'set', 'eth0', 'up');
    }
    return wires;
  }

  addressOf(name: string): string {
    return `10.77.0.${this.#names.indexOf(name) + 1}`;
  }

  /** What stands before a command so that it runs on the wires. */
  entry(name: string): readonly string[] {
    return ['ip', 'netns', 'exec', this.#space(name)];
  }

  cut(): void {
    ip('-n', this.#space('middle'), 'link', 'set', 'wire-left', 'down');
  }

  heal(): void {
    ip('-n', this.#space('middle'), 'link', 'set', 'wire-left', 'up');
  }

  remove(): void {
    for (const name of [...this.#names, 'middle']) ip('netns', 'del', this.#space(name));
  }

  #space(name: string): string {
    return `${PREFIX}-${this.#tag}-${name}`;
  }
}
