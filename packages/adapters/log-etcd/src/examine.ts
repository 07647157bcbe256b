import { type ClientOptions, EtcdClient } from './client.ts';
import { EtcdError } from './etcd-error.ts';

/** What a member says of itself, or why it says nothing. */
export type MemberReport =
  | {
      readonly endpoint: string;
      readonly error: null;
      readonly version: string;
      readonly clusterId: string;
      readonly memberId: string;
      /** null when the member knows no leader. */
      readonly leader: string | null;
      readonly revision: number;
      /** Bytes of its database file, and how many of them are in use. */
      readonly dbSize: number;
      readonly dbSizeInUse: number;
      /** Alarms and the like, in etcd's words. */
      readonly errors: readonly string[];
    }
  | { readonly endpoint: string; readonly error: EtcdError };

/** The oldest etcd that is worked with. */
export const LEAST_VERSION = '3.5';

export function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = LEAST_VERSION.split('.').map(Number);
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}

/** Asks each endpoint by itself. Never rejects; takes no longer than about `timeoutMs`. */
export async function examineEtcd(options: ClientOptions, timeoutMs: number): Promise<readonly MemberReport[]> {
  const client = new EtcdClient(options);
  try {
    const statuses = await client.statuses(timeoutMs);
    return statuses.map((status, i) => {
      const endpoint = client.endpoints[i] ?? '';
      if (status instanceof EtcdError) return { endpoint, error: status };
      return { ...status, endpoint, error: null, leader: status.leader === '0' ? null : status.leader };
    });
  } finally {
    client.close();
  }
}
