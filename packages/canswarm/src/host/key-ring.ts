import type { Home } from '../home/home.ts';
import type { OpenKey, Protection } from '../home/keys/key-store.ts';
import type { KeyKind } from '../home/keys/sealed-key.ts';

/**
 * Secrets of this machine by name, 32 bytes each. What a node opens is its own until it is closed: two processes that hold
 * one key would contradict each other, and lose its stake.
 */
export interface KeyRing {
  /** Makes a secret and opens it. Rejects when the name is taken. */
  create(name: string, kind: KeyKind): Promise<Uint8Array>;
  /** Rejects when there is none, it cannot be decrypted, or another process has it open. */
  open(name: string): Promise<Uint8Array>;
  /** Wipes every secret and lets the keys go. */
  close(): void;
}

/** The keystore of a home as a ring. New keys get the protection given. */
export function homeKeyRing({ keys }: Home, protection: () => Promise<Protection>): KeyRing {
  const held = new Map<string, OpenKey>();
  const open = async (name: string): Promise<Uint8Array> => {
    const key = held.get(name) ?? (await keys.open(name));
    held.set(name, key);
    return key.secret.reveal();
  };
  return {
    open,
    async create(name, kind) {
      await keys.create({ name, kind, of: null, protection });
      return open(name);
    },
    close() {
      for (const key of held.values()) key.close();
      held.clear();
      keys.forget();
    },
  };
}
