import { existsSync } from 'node:fs';
import { ApiClient, ApiError, type ClientTransport, type NeedRecord, socketTransport } from '@canswarm/api';
import type { NodeFolder } from './network-folder.ts';

/** The other side closed a connection that was open: what a process does that ends. */
const ENDED: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

/** Speaks to the running node of a folder, by its socket. Every method rejects with an ApiError. */
export class NodeClient extends ApiClient {
  readonly name: string;
  readonly #folder: Pick<NodeFolder, 'name' | 'controlPath'>;

  constructor(folder: Pick<NodeFolder, 'name' | 'controlPath'>) {
    super(transportTo(folder));
    this.name = folder.name;
    this.#folder = folder;
  }

  /** Whether a node answers. */
  async runs(): Promise<boolean> {
    return (await this.life()) === 'runs';
  }

  /** `hangs`: its process is there, holds its files and keys, and does not answer. */
  async life(): Promise<'runs' | 'hangs' | 'stopped'> {
    if (!existsSync(this.#folder.controlPath)) return 'stopped';
    try {
      await this.health();
    } catch (error) {
      if (error instanceof ApiError && error.code === 'late') return 'hangs';
      if (error instanceof ApiError && error.code === 'unreachable') return 'stopped';
    }
    return 'runs';
  }

  /** Every need that the node knows, newest first. */
  async allNeeds(): Promise<readonly NeedRecord[]> {
    const needs: NeedRecord[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.listNeeds({ limit: 500, cursor });
      needs.push(...page.needs);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    return needs;
  }
}

function transportTo({ name, controlPath }: Pick<NodeFolder, 'name' | 'controlPath'>): ClientTransport {
  const { send } = socketTransport(controlPath);
  return {
    send,
    unreachable(cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
      const isAbsent = code === 'ENOENT' || code === 'ECONNREFUSED';
      const gone = ENDED.has(code)
        ? `the node "${name}" ended while it was asked: it was stopped, or its process was killed`
        : `the node "${name}" went away (${code})`;
      const what = isAbsent ? `the node "${name}" does not run` : gone;
      const hint = isAbsent ? 'Start it with: canswarm up' : 'Start it again with: canswarm up';
      return new ApiError(0, 'unreachable', what, hint, { cause });
    },
  };
}
