import { type Content, workshop } from '@canswarm/agent-testing';
import type { JsonValue } from '@canswarm/ports';
import { utf8 } from '@canswarm/protocol';
import { agent, check } from '../../src/index.ts';

/** Desks of the agent. */
export const { deskFor } = workshop(agent, check);

/** An input of two tables. */
export const tablesInput = (
  left: Uint8Array | string,
  right: Uint8Array | string,
  asked: Readonly<Record<string, JsonValue>>,
): Content => ({
  value: { left: 'left.csv', right: 'right.csv', ...asked },
  files: new Map([
    ['left.csv', bytesOf(left)],
    ['right.csv', bytesOf(right)],
  ]),
});

const bytesOf = (table: Uint8Array | string): Uint8Array => (typeof table === 'string' ? utf8(table) : table);
