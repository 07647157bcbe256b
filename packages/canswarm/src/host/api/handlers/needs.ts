import type { Output } from '@canswarm/api';
import { needEscrow } from '@canswarm/kernel';
import { asNeedId, type NeedId, parseCid } from '@canswarm/protocol';
import { paidFor } from '../../fee-lacking.ts';
import { HostError } from '../../host-error.ts';
import { orgOf } from '../../known-offers.ts';
import type { NeedRecord } from '../../need-book.ts';
import type { Outlook } from '../../outlook.ts';
import { postBrief } from '../../post-brief.ts';
import type { HostParts } from '../../run-host.ts';
import { takenByLog } from '../../taken-by-log.ts';
import { Gate } from '../gate.ts';
import type { ApiHandlers, ApiOptions } from '../handler-types.ts';
import { piecesOf } from '../http/streams.ts';
import { needStream, type Snapshot, type StorySource } from '../need-stream.ts';
import { Results } from '../results.ts';

/** Folders read and published at once. */
const POSTS_MAX = 4;

/** Work that somebody pays for. */
export function needHandlers({
  parts,
}: ApiOptions): Pick<
  ApiHandlers,
  | 'listNeeds'
  | 'getNeed'
  | 'needEvents'
  | 'needStory'
  | 'needOutlook'
  | 'postBrief'
  | 'cancelNeed'
  | 'needResult'
  | 'needResultFile'
> {
  const { book, node, posts } = parts;
  const results = new Results(parts);
  const story: StorySource = {
    book,
    snapshot: (record) => snapshotOf(parts, record),
    progress: (need, listener) =>
      parts.board.listen(need, ({ from, done, total, note }) =>
        listener({ from, role: parts.looks.nameOf(from), done, total, note }),
      ),
  };
  const postGate = new Gate(POSTS_MAX, 'posts');
  return {
    listNeeds({ limit, cursor }) {
      const needs = book.page(cursor === undefined ? Number.POSITIVE_INFINITY : Number(cursor), limit + 1);
      const last = needs.length > limit ? needs[limit - 1] : undefined;
      return { needs: needs.slice(0, limit), next: last === undefined ? null : String(last.position) };
    },
    getNeed: ({ id }) => needOf(parts, id),
    needEvents: ({ id, lastEventId }, { signal }) => needStream(story, needOf(parts, id), { lastEventId }, signal),
    needStory: async ({ id, limit, after }) => storyOf(parts, needOf(parts, id), Number(after ?? 0), limit),
    needOutlook: async ({ id }) => plain(await parts.looks.at(needOf(parts, id))),
    postBrief: ({ body, idempotencyKey }, { signal }) =>
      postGate.pass(() => {
        if (idempotencyKey === undefined) return postBrief(parts, body, signal);
        return posts.once(idempotencyKey, JSON.stringify(['postBrief', body]), {
          // Whoever sends it again may still be there when the first who asked is gone.
          first: (keepAs) => postBrief(parts, body, new AbortController().signal, keepAs),
          again: (entry, need) =>
            takenByLog(node, () => {
              node.repeat(entry);
              return need;
            }),
        });
      }),
    cancelNeed: async ({ id }) => ({ needId: await cancel(parts, needOf(parts, id)) }),
    needResult: async ({ id, includeSources }) => (await results.get(needOf(parts, id), includeSources)).result,
    async needResultFile({ id, name, includeSources }) {
      const { files } = await results.get(needOf(parts, id), includeSources);
      const bytes = files.get(name);
      if (bytes === undefined)
        throw new HostError('not_found', 'the result has no such file', 'The result lists them.');
      return { size: bytes.length, chunks: piecesOf(bytes) };
    },
  };
}

const NOT_OURS =
  'Only its requester can take it back, through the node that has its key: add --node NAME where a home has several.';

/** Characters of the end of an id, at least, by which people name a need. */
const END_CHARS = 6;

/** A need by its id or the end of it, as people copy it. */
export function needOf({ book }: HostParts, name: string): NeedRecord {
  const cid = parseCid(name);
  const known = cid === undefined ? undefined : book.get(asNeedId(cid));
  if (known !== undefined) return known;
  const [only, ...others] = name.length < END_CHARS ? [] : book.list().filter(({ id }) => id.endsWith(name));
  if (only !== undefined && others.length === 0) return only;
  throw new HostError('not_found', 'this node knows no such need', 'List them with: canswarm need list');
}

function snapshotOf({ node, looks }: HostParts, record: NeedRecord): Snapshot {
  const people = [...node.state.members.keys()].map((did) => ({
    did,
    name: looks.nameOf(did),
    org: orgOf(node.state, did),
  }));
  const escrow = needEscrow(node.state, record.body).total;
  return { record: { ...record }, escrow, people };
}

async function storyOf(
  parts: HostParts,
  record: NeedRecord,
  after: number,
  limit: number,
): Promise<Output<'needStory'>> {
  const outlook = plain(await parts.looks.at(record));
  const { lines, lostUntil } = parts.book.story(record.id, after, limit + 1);
  const entries = lines.slice(0, limit).map(({ event: { type: _, stage: __, ...entry }, after: left }) => {
    return { ...entry, after: left };
  });
  const next = lines.length > limit ? String(entries.at(-1)?.position) : null;
  return { ...snapshotOf(parts, record), entries, complete: lostUntil <= after, next, outlook };
}

/** As the API tells it. */
const plain = ({ hindrances, ...outlook }: Outlook): Output<'needOutlook'> => ({
  ...outlook,
  hindrances: hindrances.map((one) => ({ ...one })),
});

async function cancel({ node, file }: HostParts, { id, requester, settledAt }: NeedRecord): Promise<NeedId> {
  const own = file.agents.find(({ did }) => did === requester);
  if (own === undefined) throw new HostError('refused', 'this need is of somebody else', NOT_OURS);
  const need = node.state.needs.get(id);
  if (need === undefined || settledAt !== null) {
    throw new HostError('refused', 'the need has ended already', `See how: canswarm need watch ${id}`);
  }
  if (need.lease !== null || need.commits.length > 0) {
    const hint = 'Its worker is paid for what passes; what is left over comes back.';
    throw new HostError('refused', 'somebody works on the need: it cannot be taken back now', hint);
  }
  await paidFor(node.command(own.did, { verb: 'CANCEL', body: { need: id } }, id));
  return id;
}
