import { isObject } from '../versioned-file.ts';
import { endpointsSetting, type Reading, type Setting } from './setting.ts';

/** How a further cluster of etcd is reached; what is left out is none. */
export interface EtcdClusterSetting {
  readonly endpoints: readonly string[];
  readonly user?: string;
  readonly passwordFile?: string;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
}

export type EtcdClusters = Readonly<Record<string, EtcdClusterSetting>>;

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;
/** The cluster that `etcd.endpoints` names. */
const HOME = 'home';
const CLUSTERS_MAX = 64;
const TEXTS = ['user', 'passwordFile', 'caFile', 'certFile', 'keyFile'] as const;
const TEXT_LENGTH_MAX = 4_096;
const DUE =
  'a JSON object such as {"b": {"endpoints": ["https://b1:2379"], "user": "canswarm", "passwordFile": "/etc/canswarm/b"}}';

const endpoints = endpointsSetting({ summary: '', fallback: [] });

/** Clusters of etcd by name; as text one JSON object, empty for none. */
export function clustersSetting(about: {
  readonly summary: string;
  readonly fallback: EtcdClusters;
}): Setting<EtcdClusters> {
  const wants = (why: string) => ({ ok: false, due: `${DUE}: ${why}` }) as const;
  const read = (value: unknown): Reading<EtcdClusters> => {
    if (!isObject(value) || Object.keys(value).length > CLUSTERS_MAX) return wants(`at most ${CLUSTERS_MAX} names`);
    const clusters: Record<string, EtcdClusterSetting> = {};
    for (const [name, found] of Object.entries(value)) {
      if (!NAME.test(name) || name === HOME) return wants(`"${name}" cannot be a further cluster’s name`);
      const cluster = readCluster(found);
      if (typeof cluster === 'string') return wants(`${name}: ${cluster}`);
      clusters[name] = cluster;
    }
    return { ok: true, value: clusters };
  };
  const parse = (text: string): Reading<EtcdClusters> => {
    try {
      return read(text.trim() === '' ? {} : JSON.parse(text));
    } catch {
      return wants('it is no JSON');
    }
  };
  const show = (value: unknown): string =>
    isObject(value) && Object.keys(value).length > 0 ? JSON.stringify(value) : '';
  return { ...about, unit: null, argument: '<json>', read, parse, show };
}

/** A cluster, or what is wrong with it. */
function readCluster(found: unknown): EtcdClusterSetting | string {
  if (!isObject(found)) return 'it is no object';
  const unknown = Object.keys(found).find((key) => key !== 'endpoints' && !TEXTS.some((text) => text === key));
  if (unknown !== undefined) return `it has no ${unknown}`;
  const named = endpoints.read(found['endpoints']);
  if (!named.ok || named.value.length === 0) return 'endpoints: one address or more, such as http://192.0.2.1:2379';
  const texts: Partial<Record<(typeof TEXTS)[number], string>> = {};
  for (const key of TEXTS) {
    const text = found[key];
    if (text === undefined) continue;
    if (typeof text !== 'string' || text.length > TEXT_LENGTH_MAX || text.includes('\0')) return `${key} is no text`;
    texts[key] = text;
  }
  return { endpoints: named.value, ...texts };
}
