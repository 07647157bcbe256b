import type { ServerName } from 'canswarm';

/** One program of a server, and the Go package it is built from. */
interface PinnedProgram {
  readonly program: string;
  readonly package: string;
}

/** A Go module in one version. `sum` is the hash of its files as the checksum database of Go has it. */
export interface PinnedModule {
  readonly path: string;
  readonly version: string;
  readonly sum: string;
}

export interface Pin {
  readonly modules: readonly PinnedModule[];
  readonly programs: readonly PinnedProgram[];
}

/**
 * What is built when a server is not there. What each module needs in turn, its own go.mod pins; a version whose go.mod replaces modules cannot be
 * built so, for replacements hold in the main module alone.
 */
export const PINS: Readonly<Record<ServerName, Pin>> = {
  etcd: {
    modules: [
      {
        path: 'go.etcd.io/etcd/server/v3',
        version: 'v3.6.16',
        sum: 'h1:sLkpvz3RFtiNd/yPrZBKz5kT+XO1ZJkhmuUJeqc7OmA=',
      },
      {
        path: 'go.etcd.io/etcd/etcdctl/v3',
        version: 'v3.6.16',
        sum: 'h1:vxr4EySgAbHcd5OiYI/IwRnQmC4y5OmusSPLYxQ84/I=',
      },
      {
        path: 'go.etcd.io/etcd/etcdutl/v3',
        version: 'v3.6.16',
        sum: 'h1:ghP1wTi/25g43jlrhOmPz0X4D0dXAYBt+nbhYicHcJ0=',
      },
    ],
    programs: [
      { program: 'etcd', package: 'go.etcd.io/etcd/server/v3' },
      { program: 'etcdctl', package: 'go.etcd.io/etcd/etcdctl/v3' },
      { program: 'etcdutl', package: 'go.etcd.io/etcd/etcdutl/v3' },
    ],
  },
  opa: {
    modules: [
      {
        path: 'github.com/open-policy-agent/opa',
        version: 'v1.22.3',
        sum: 'h1:d46phjoHHFSl8F2bC8nT8wFxuGEvZRvs8FhYWFqsJ2w=',
      },
    ],
    programs: [{ program: 'opa', package: 'github.com/open-policy-agent/opa' }],
  },
  nats: {
    modules: [
      {
        path: 'github.com/nats-io/nats-server/v2',
        version: 'v2.15.2',
        sum: 'h1:yLsgt2kslgymvxvjFq1WGWck5hkat2YYfbXvQ145tzU=',
      },
    ],
    programs: [{ program: 'nats-server', package: 'github.com/nats-io/nats-server/v2' }],
  },
  kubo: {
    modules: [
      {
        path: 'github.com/ipfs/kubo',
        version: 'v0.43.0',
        sum: 'h1:yIqtKSCSKZXsYHz68J6hf1/dWOe/eMyaPsTubsVUb3M=',
      },
    ],
    programs: [{ program: 'ipfs', package: 'github.com/ipfs/kubo/cmd/ipfs' }],
  },
};
