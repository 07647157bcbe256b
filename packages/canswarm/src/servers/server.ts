/** A server that canswarm can work with and does not bring along. */
export interface Server {
  readonly name: ServerName;
  /** The program that is run. */
  readonly program: string;
  /** Versions below this one are refused: `major.minor.patch`. */
  readonly least: string;
  /** What makes the program say its version, and where in its answer the version stands. */
  readonly versionArguments: readonly string[];
  readonly versionPattern: RegExp;
  /** The environment variable that names the program outright. */
  readonly variable: string;
}

export type ServerName = 'etcd' | 'opa' | 'nats' | 'kubo';

export const SERVERS: Readonly<Record<ServerName, Server>> = {
  etcd: {
    name: 'etcd',
    program: 'etcd',
    least: '3.5.0',
    versionArguments: ['--version'],
    versionPattern: /etcd Version: (\d+\.\d+\.\d+)/,
    variable: 'CANSWARM_ETCD',
  },
  opa: {
    name: 'opa',
    program: 'opa',
    least: '1.0.0',
    versionArguments: ['version'],
    versionPattern: /Version: (\d+\.\d+\.\d+)/,
    variable: 'CANSWARM_OPA',
  },
  nats: {
    name: 'nats',
    program: 'nats-server',
    least: '2.10.0',
    versionArguments: ['--version'],
    versionPattern: /nats-server: v(\d+\.\d+\.\d+)/,
    variable: 'CANSWARM_NATS',
  },
  kubo: {
    name: 'kubo',
    program: 'ipfs',
    least: '0.30.0',
    versionArguments: ['version'],
    versionPattern: /ipfs version (\d+\.\d+\.\d+)/,
    variable: 'CANSWARM_KUBO',
  },
};
