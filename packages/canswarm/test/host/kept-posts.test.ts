import { memoryStore } from '@canswarm/memory';
import type { AppliedEntry, Keep } from '@canswarm/node';
import type { Store } from '@canswarm/ports';
import { cidOf, type EnvelopeId, type NeedId, utf8 } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { KeptPosts, type Post } from '../../src/host/api/kept-posts.ts';
import { crypto } from '../proof/small-log.ts';

const DAY = 24 * 3_600_000;

/** A log that takes entries, and nodes that post to it and may die at any moment. */
class Ledger {
  readonly store: Store = memoryStore();
  /** Needs that the log has, each once. */
  readonly taken = new Set<NeedId>();
  now = 1_000;
  refuses = false;
  /** Signed so far: every need is another. */
  #signed = 0;

  start(): KeptPosts {
    return new KeptPosts({ store: this.store, crypto, now: () => this.now });
  }

  /** Posts as a node does; `dies` says when the process ends: before the entry is durable, after it, or after the log has it. */
  posting(posts: KeptPosts, dies: 'never' | 'unkept' | 'kept' | 'taken' = 'never'): Post<{ readonly needId: NeedId }> {
    const say = (need: NeedId): void => {
      if (!this.refuses) this.taken.add(need);
      posts.take(applied(need, !this.refuses));
      if (this.refuses) throw new Error('refused');
    };
    return {
      first: async (keepAs) => {
        this.#signed += 1;
        const need = cidOf(utf8(`need ${this.#signed}`), 'dag-cbor', crypto.sha256) as EnvelopeId as NeedId;
        const keep: Keep = keepAs((needId) => ({ needId }));
        if (dies === 'unkept') throw new Error('died');
        this.store.batch(keep(need, utf8(need)), { sync: true });
        if (dies === 'kept') throw new Error('died');
        if (dies === 'taken') {
          this.taken.add(need);
          throw new Error('died');
        }
        say(need);
        return { needId: need };
      },
      again: async (entry, need) => {
        expect(entry).toEqual(utf8(need));
        say(need);
      },
    };
  }

  once(posts: KeptPosts, key: string, request: string, dies: 'never' | 'unkept' | 'kept' | 'taken' = 'never') {
    return posts.once(key, request, this.posting(posts, dies));
  }
}

const applied = (id: NeedId, accepted: boolean): AppliedEntry =>
  ({ entry: { envelope: { id } }, outcome: { accepted } }) as unknown as AppliedEntry;

describe('a key', () => {
  it('stands for one need, however often and however many at once', async () => {
    const ledger = new Ledger();
    const posts = ledger.start();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ledger.once(posts, 'key', 'a')));
    answers.push(await ledger.once(posts, 'key', 'a'), await ledger.once(ledger.start(), 'key', 'a'));
    expect(new Set(answers.map(({ needId }) => needId))).toEqual(ledger.taken);
    expect(ledger.taken.size).toBe(1);
  });

  it('stands for one request', async () => {
    const ledger = new Ledger();
    const posts = ledger.start();
    const first = ledger.once(posts, 'key', 'a');
    const other = ledger.once(posts, 'key', 'b');
    await expect(other).rejects.toMatchObject({ code: 'idempotency_conflict' });
    await first;
    await expect(ledger.once(posts, 'key', 'b')).rejects.toMatchObject({ code: 'idempotency_conflict' });
    await expect(ledger.once(ledger.start(), 'key', 'b')).rejects.toMatchObject({ code: 'idempotency_conflict' });
    await ledger.once(posts, 'other', 'b');
    expect(ledger.taken.size).toBe(2);
  });

  it.each(['unkept', 'kept', 'taken'] as const)('posts once over a crash when the entry is %s', async (dies) => {
    const ledger = new Ledger();
    await expect(ledger.once(ledger.start(), 'key', 'a', dies)).rejects.toThrow('died');
    const posts = ledger.start();
    const { needId } = await ledger.once(posts, 'key', 'a');
    expect(await ledger.once(posts, 'key', 'a')).toEqual({ needId });
    expect([...ledger.taken]).toEqual([needId]);
  });

  it('learns from the log, as it is applied again, that its need was taken', async () => {
    const ledger = new Ledger();
    await expect(ledger.once(ledger.start(), 'key', 'a', 'taken')).rejects.toThrow('died');
    const posts = ledger.start();
    const [need] = ledger.taken;
    posts.take(applied(need as NeedId, true));
    const never = { first: () => Promise.reject(new Error('again')), again: () => Promise.reject(new Error('again')) };
    expect(await posts.once('key', 'a', never)).toEqual({ needId: need });
  });

  it('is free again when the law refused its need', async () => {
    const ledger = new Ledger();
    const posts = ledger.start();
    ledger.refuses = true;
    await expect(ledger.once(posts, 'key', 'a')).rejects.toThrow('refused');
    ledger.refuses = false;
    await ledger.once(posts, 'key', 'b');
    expect(ledger.taken.size).toBe(1);
    // Also when that comes to light only after a crash: what was signed then is too old for the log, and another is signed.
    await expect(ledger.once(posts, 'late', 'a', 'kept')).rejects.toThrow('died');
    const anew = ledger.start();
    const stale: Post<{ readonly needId: NeedId }> = {
      first: (keepAs) => ledger.posting(anew).first(keepAs),
      again: async (_, need) => {
        anew.take(applied(need, false));
        throw new Error('refused');
      },
    };
    await anew.once('late', 'a', stale);
    expect(ledger.taken.size).toBe(2);
  });

  it('is kept while nobody knows what came of it', async () => {
    const ledger = new Ledger();
    await expect(ledger.once(ledger.start(), 'key', 'a', 'kept')).rejects.toThrow('died');
    const posts = ledger.start();
    const silent = { first: () => Promise.reject(new Error('again')), again: () => Promise.reject(new Error('late')) };
    await expect(posts.once('key', 'a', silent)).rejects.toThrow('late');
    await ledger.once(posts, 'key', 'a');
    expect(ledger.taken.size).toBe(1);
  });

  it('is forgotten after a day and not before', async () => {
    const ledger = new Ledger();
    const posts = ledger.start();
    const first = await ledger.once(posts, 'key', 'a');
    ledger.now += DAY;
    expect(await ledger.once(posts, 'key', 'a')).toEqual(first);
    ledger.now += 1;
    expect(await ledger.once(posts, 'key', 'a')).not.toEqual(first);
    expect([...ledger.store.scan('kept-post/')]).toHaveLength(1);
  });

  it('is refused rather than another forgotten', async () => {
    const ledger = new Ledger();
    const posts = ledger.start();
    for (let at = 0; at < 10_000; at += 1) await ledger.once(posts, `key ${at}`, 'a');
    await expect(ledger.once(posts, 'one more', 'a')).rejects.toMatchObject({ code: 'too_many_keys' });
    expect(await ledger.once(posts, 'key 0', 'a')).toEqual(await ledger.once(ledger.start(), 'key 0', 'a'));
    ledger.now += DAY + 1;
    await ledger.once(posts, 'one more', 'a');
    expect([...ledger.store.scan('kept-post/')]).toHaveLength(1);
  });
});
