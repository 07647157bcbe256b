import type { DecisionLog, LogRecord } from '@canswarm/ports';

/** Follows until `count` records are there, and gives them. */
export async function collect(log: DecisionLog, count: number, after = 0): Promise<readonly LogRecord[]> {
  const records: LogRecord[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const subscription = log.follow('main', after, (batch) => {
    records.push(...batch);
    if (records.length >= count) resolve();
  });
  await Promise.race([promise, subscription.ended]);
  await subscription.close();
  return records;
}

export const textOf = ({ bytes }: LogRecord): string => new TextDecoder().decode(bytes);
export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
