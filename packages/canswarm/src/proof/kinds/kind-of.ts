import type { Acceptance } from '@canswarm/protocol';
import { agentKind } from './agent/agent-kind.ts';
import { briefKind } from './brief/brief-kind.ts';
import type { ResultKind } from './result-kind.ts';

const KINDS: readonly ResultKind[] = [briefKind, agentKind];

/** The kind of result that an acceptance asks for; undefined for one that this software cannot show. */
export const kindOf = ({ checker }: Pick<Acceptance, 'checker'>): ResultKind | undefined =>
  KINDS.find((kind) => kind.checker === checker);
