import type { ExecuteOutcome } from '@canswarm/ports';
import { USE_LIST_MAX, USE_NAME_BYTES_MAX, USE_ZONE_BYTES_MAX } from '@canswarm/protocol';
import type { UsedByWork } from '../definition.ts';

/** What a work says that it used, summed up. */
interface UseTally {
  used(what: UsedByWork): void;
  /** Nothing where nothing was said. */
  taken(): Pick<ExecuteOutcome, 'use'>;
}

type Flow = NonNullable<ExecuteOutcome['use']>['egress'][number];

export function useTally(): UseTally {
  let tokens = 0;
  let isSaid = false;
  const [models, tools] = [new Set<string>(), new Set<string>()];
  const flows = new Map<string, Flow>();
  return {
    used({ tokens: more = 0, model, tool, egress }) {
      isSaid = true;
      tokens = sumOf(tokens, more, 'tokens');
      if (model !== undefined) add(models, nameOf(model, USE_NAME_BYTES_MAX, 'model'), 'models');
      if (tool !== undefined) add(tools, nameOf(tool, USE_NAME_BYTES_MAX, 'tool'), 'tools');
      if (egress === undefined) return;
      const label = nameOf(egress.label, USE_NAME_BYTES_MAX, 'label');
      const zone = nameOf(egress.zone, USE_ZONE_BYTES_MAX, 'zone');
      const key = JSON.stringify([label, zone]);
      if (flows.size === USE_LIST_MAX && !flows.has(key)) throw tooMany('flows');
      flows.set(key, { label, zone, bytes: sumOf(flows.get(key)?.bytes ?? 0, egress.bytes, 'bytes') });
    },
    taken: () =>
      isSaid ? { use: { tokens, models: [...models], tools: [...tools], egress: [...flows.values()] } } : {},
  };
}

function add(names: Set<string>, name: string, what: string): void {
  if (names.size === USE_LIST_MAX && !names.has(name)) throw tooMany(what);
  names.add(name);
}

const tooMany = (what: string): RangeError => new RangeError(`work names at most ${USE_LIST_MAX} ${what}`);

function nameOf(name: string, bytesMax: number, what: string): string {
  if (name !== '' && name.isWellFormed() && new TextEncoder().encode(name).length <= bytesMax) return name;
  throw new RangeError(`a ${what} has a name of 1 to ${bytesMax} bytes`);
}

function sumOf(before: number, more: number, what: string): number {
  const sum = before + more;
  if (Number.isSafeInteger(more) && more >= 0 && Number.isSafeInteger(sum)) return sum;
  throw new RangeError(`${what} are a whole number, and their sum is below 2^53`);
}
