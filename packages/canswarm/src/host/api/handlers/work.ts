import { blockFetcher, type FileMap, jsonFault, readFile, type WorkPart, type WorkRequest } from '@canswarm/agent';
import type { Input } from '@canswarm/api';
import type { ContentStore, JsonValue } from '@canswarm/ports';
import { parseCid } from '@canswarm/protocol';
import { capsuleOf } from '../../capsule-of.ts';
import { HostError } from '../../host-error.ts';
import { takenByLog } from '../../taken-by-log.ts';
import { Gate } from '../gate.ts';
import type { ApiHandlers, ApiOptions } from '../handler-types.ts';
import { Problem } from '../http/problem.ts';
import { needOf } from './needs.ts';

/** Posts prepared at once: each publishes an input and runs an example. */
const POSTS_MAX = 4;

type Asked = Input<'postWork'>['body'];
type Named = Asked['files'];

/** Work that agents are hired for. */
export function workHandlers({ parts }: ApiOptions): Pick<ApiHandlers, 'postWork' | 'workOutput'> {
  const { content, node, posts, work, file } = parts;
  const gate = new Gate(POSTS_MAX, 'posts');
  const desk = (): NonNullable<typeof work> => {
    if (work !== null) return work;
    const hint = 'Post from the node of an organisation: canswarm status shows which nodes have a requester.';
    throw new HostError('refused', `the node "${file.name}" has nobody who posts needs`, hint);
  };
  return {
    postWork: ({ body, idempotencyKey }) =>
      gate.pass(async () => {
        const request = await requestOf(body, content);
        const answer = ({ need, ...facts }: Awaited<ReturnType<NonNullable<typeof work>['postKept']>>) => ({
          needId: need,
          ...facts,
        });
        if (idempotencyKey === undefined) return answer(await desk().postKept(request, null));
        return posts.once(idempotencyKey, JSON.stringify(['postWork', body]), {
          first: async (keepAs) =>
            answer(await desk().postKept(request, (answerOf) => keepAs((need) => answer(answerOf(need))))),
          again: (entry, need) =>
            takenByLog(node, () => {
              node.repeat(entry);
              return need;
            }),
        });
      }),
    workOutput: async ({ id }) => {
      const { value, files } = await desk().output(needOf(parts, id).id);
      return { value, files: [...files] };
    },
  };
}

async function requestOf(body: Asked, content: ContentStore): Promise<WorkRequest> {
  const { verification, plan } = body;
  const parts: WorkPart[] = [];
  for (const [index, part] of (plan?.parts ?? []).entries())
    parts.push({
      ...part,
      verification: await termsOf(part.verification, `plan.parts.${index}.verification`, content),
    });
  const { auction = 'open', sealedCap = null, reputationBps = 0, policy } = body;
  const fault = marketFault(body);
  if (fault !== null) throw new HostError('usage', fault, 'Leave one of the two out.');
  return {
    ...body,
    auction,
    sealedCap,
    reputationBps,
    input: json(body.input, 'input'),
    files: await filesOf(body.files, content),
    verification: await termsOf(verification, 'verification', content),
    plan: plan === null ? null : { tasks: plan.tasks, parts },
    policy: policy === undefined ? null : { capsule: capsuleOf(policy), blocks: [] },
  };
}

/** What cannot go together. */
function marketFault({ auction = 'open', sealedCap, plan }: Asked): string | null {
  if (auction === 'sealed' && plan !== null) return 'work that planners may divide has no sealed auction';
  return auction === 'open' && sealedCap !== undefined ? 'only in a sealed auction a cap can be sealed' : null;
}

async function termsOf(
  verification: Asked['verification'],
  where: string,
  content: ContentStore,
): Promise<WorkRequest['verification']> {
  const { example } = verification;
  if (example === null) return { ...verification, example };
  return {
    ...verification,
    example: {
      input: json(example.input, `${where}.example.input`),
      output: json(example.output, `${where}.example.output`),
      files: await filesOf(example.files, content),
      outputFiles: await filesOf(example.outputFiles, content),
    },
  };
}

function json(value: unknown, where: string): JsonValue {
  const fault = jsonFault(value);
  if (fault !== null) throw new Problem('malformed', `body ${where}: ${fault}`);
  return value as JsonValue;
}

async function filesOf(named: Named, content: ContentStore): Promise<FileMap> {
  const fetch = blockFetcher(content);
  const files = new Map<string, Uint8Array>();
  for (const { name, cid, size } of named) {
    const parsed = parseCid(cid);
    if (parsed === undefined || files.has(name))
      throw new Problem('malformed', 'body files: a CID is none, or two have one name');
    files.set(name, await readFile({ cid: parsed, size }, fetch));
  }
  return files;
}
