import type { Output } from '@canswarm/api';
import type { SessionEvent } from '../../attach/agent-host.ts';
import type { ApiHandlers, ApiOptions } from '../handler-types.ts';

type Told = NonNullable<Output<'sessionEvents'>> extends AsyncIterable<infer Event> ? Event : never;

/** Agents that take part through this node. */
export function agentHandlers({
  parts: { agents },
}: ApiOptions): Pick<
  ApiHandlers,
  'findAgents' | 'attachAgent' | 'updateAgent' | 'sessionEvents' | 'jobProgress' | 'jobLine' | 'settleJob'
> {
  const heard = { heard: true } as const;
  return {
    findAgents: async ({ query }) => {
      const found = await agents.search(query);
      return { agents: found.map(({ skills, ...agent }) => ({ ...agent, skills: skills.map(plain) })) };
    },
    attachAgent: async ({ body: { manifest, credits, stake } }) =>
      agents.attach({ manifest: manifest as never, credits, stake }),
    updateAgent: async ({ session, body }) => {
      await agents.update(session, body.manifest as never);
      return heard;
    },
    sessionEvents: ({ session }, { signal }) => told(agents.events(session, signal)),
    jobProgress: async ({ session, id, body }) => {
      await agents.progress(session, id, body);
      return heard;
    },
    jobLine: async ({ session, id, body }) => {
      await agents.line(session, id, body);
      return heard;
    },
    settleJob: async ({ session, id, body: { result, failure } }) => {
      await agents.settle(session, id, failure === null ? { ok: true, result } : { ok: false, ...failure });
      return heard;
    },
  };
}

const plain = (value: object): Readonly<Record<string, unknown>> => ({ ...value });

async function* told(events: AsyncIterable<SessionEvent>): AsyncGenerator<Told> {
  for await (const event of events) {
    const { type, ...data } = event;
    yield { type, id: null, data } as unknown as Told;
  }
}
