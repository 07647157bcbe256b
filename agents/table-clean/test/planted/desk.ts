import { type Content, workshop } from '@canswarm/agent-testing';
import type { JsonValue } from '@canswarm/ports';
import { utf8 } from '@canswarm/protocol';
import { agent, check } from '../../src/index.ts';

/** Desks of the agent. */
export const { deskFor } = workshop(agent, check);

/** An input of one table. */
export const tableInput = (table: Uint8Array | string, asked: Readonly<Record<string, JsonValue>> = {}): Content => ({
  value: asked,
  files: new Map([['table.csv', typeof table === 'string' ? utf8(table) : table]]),
});
