import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentFs } from '@canswarm/content-fs';
import { threadRunner } from '@canswarm/local';
import {
  ContentError,
  type ContentGetOptions,
  type ContentStore,
  linksOf,
  type SkillJob,
  type SkillResult,
  type SkillRunner,
  type SkillRunOptions,
} from '@canswarm/ports';
import { BLOCK_BYTES_MAX, type Block, type Cid, codecOf } from '@canswarm/protocol';
import type { AgentHost } from '../host/attach/agent-host.ts';
import { type CodeSnapshot, snapshotEngine } from '../skills/code-snapshot.ts';
import { SKILLS_URL } from '../skills/url.ts';

/** Where blocks come from and go to. */
export type BlockService = Pick<AgentHost, 'getBlock' | 'putBlocks'>;

const BATCH_BYTES = 4_194_304;
const BATCH_BLOCKS = 4_096;
/** Blocks of one result that are looked at. */
const WALK_MAX = 100_000;
const BLOCK_MS = 10_000;

/**
 * Where one version of an agent's code works: threads of its own and a folder of blocks. What a job lacks is asked of the node, what it
 * made is given to the node before the job counts as done.
 */
export class Workshop {
  readonly engine: string;
  readonly #blocks: BlockService;
  readonly #folder: string;
  readonly #content: ContentStore;
  readonly #runner: SkillRunner;
  /** What the node gave, so that it need not be given back. */
  readonly #given = new Set<Cid>();
  readonly #idle = Promise.withResolvers<void>();
  #running = 0;
  #retired = false;
  #closed: Promise<void> | null = null;

  private constructor(engine: string, blocks: BlockService, threads: number, folder: string, content: ContentStore) {
    this.engine = engine;
    this.#blocks = blocks;
    this.#folder = folder;
    this.#content = content;
    this.#runner = threadRunner({
      skillModule: SKILLS_URL,
      contentModule: import.meta.resolve('@canswarm/content-fs'),
      contentOptions: { dir: join(folder, 'blocks') },
      threads,
      fetch: (cid, options) => this.#fetch(cid, options),
    });
  }

  /** @param code what the engine's file and its own imports were when the agent was described; null: it has no file */
  static async open(
    engine: string,
    code: CodeSnapshot | null,
    blocks: BlockService,
    threads: number,
  ): Promise<Workshop> {
    const folder = await mkdtemp(join(tmpdir(), 'canswarm-agent-'));
    const dir = join(folder, 'blocks');
    await mkdir(dir);
    const codePath = join(folder, 'code.json');
    if (code !== null) await writeFile(codePath, JSON.stringify(code));
    const pinned = code === null ? engine : snapshotEngine(engine, codePath);
    return new Workshop(pinned, blocks, threads, folder, await contentFs({ dir }));
  }

  /** Does a job of the node's with this code. Rejects with a SkillError, or with what the node says of the blocks. */
  async run(job: SkillJob, options: SkillRunOptions): Promise<SkillResult> {
    this.#running += 1;
    try {
      const result = await this.#runner.run({ ...job, engine: this.engine }, options);
      if (result.action === 'execute') await this.#giveBack(result.outputs.map(({ cid }) => cid));
      return result;
    } finally {
      this.#running -= 1;
      if (this.#retired && this.#running === 0) this.#idle.resolve();
    }
  }

  /** Ends once what is under way has ended; nothing more is begun here. */
  async retire(): Promise<void> {
    this.#retired = true;
    if (this.#running > 0) await this.#idle.promise;
    await this.close();
  }

  /** Ends what is under way. Idempotent. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#runner.close();
    await this.#content.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #fetch(cid: Cid, options: ContentGetOptions): Promise<void> {
    const bytes = await this.#blocks.getBlock(cid, options);
    await this.#content.putBlocks([{ cid, bytes }]);
    if (this.#given.size < WALK_MAX) this.#given.add(cid);
  }

  /** Gives the node every block below the outputs that did not come from it. */
  async #giveBack(roots: readonly Cid[]): Promise<void> {
    const seen = new Set<Cid>(roots);
    const waiting = [...roots];
    let batch: Block[] = [];
    let bytes = 0;
    const flush = async (): Promise<void> => {
      if (batch.length > 0) await this.#blocks.putBlocks(batch);
      batch = [];
      bytes = 0;
    };
    for (let cid = waiting.pop(); cid !== undefined; cid = waiting.pop()) {
      if (this.#given.has(cid)) continue;
      const block = await this.#block(cid);
      if (block === null) continue;
      batch.push(block);
      bytes += block.bytes.length;
      for (const link of codecOf(cid) === 'raw' ? [] : linksOf(block)) {
        if (seen.size < WALK_MAX && !seen.has(link)) waiting.push(link);
        seen.add(link);
      }
      if (bytes >= BATCH_BYTES || batch.length >= BATCH_BLOCKS) await flush();
    }
    await flush();
  }

  /** A block that is here; null for one that only the node has. */
  async #block(cid: Cid): Promise<Block | null> {
    try {
      return { cid, bytes: await this.#content.get(cid, { deadlineMs: BLOCK_MS, maxBytes: BLOCK_BYTES_MAX }) };
    } catch (error) {
      if (error instanceof ContentError && error.code === 'not_found') return null;
      throw error;
    }
  }
}
