/**
 * Finds the servers that tests and clusters of this machine use, and builds from pinned sources those that are not there.
 *
 *   npm run install-servers                     etcd, OPA, NATS and Kubo
 *   npm run install-servers -- etcd opa         those two
 *   npm run -s install-servers -- --check       installs nothing; exit 1 when one is missing
 *   npm run -s install-servers -- --json        last line: { ok, servers: [{ name, version, path, origin, built }] }
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type FoundServer, findServer, SERVERS, ServerMissing, type ServerName, serversFolder } from 'canswarm';
import { BuildError, buildServer, findGo } from './servers/build-server.ts';
import { PINS } from './servers/pins.ts';

const NAMES: readonly ServerName[] = ['etcd', 'opa', 'nats', 'kubo'];

const HELP = `Finds etcd, OPA, NATS and Kubo on this machine, and builds those that are not there.

usage: npm run install-servers -- [etcd] [opa] [nats] [kubo] [--check] [--json]

A server is taken, in this order, from the variable that names its program, from the folder where this script installs, from
the path. The first that is new enough counts; only when there is none it is built, with Go, from the version pinned in
scripts/servers/pins.ts. The largest takes some minutes.

  --check   installs nothing; exit 1 when one is missing
  --json    the last line is { ok, servers: [{ name, version, path, origin, built }] }

Variables
  CANSWARM_ETCD, CANSWARM_OPA, CANSWARM_NATS, CANSWARM_KUBO   programs to use
  CANSWARM_SERVERS   where to install (now ${serversFolder(process.env)})

Examples
  npm run install-servers -- etcd opa
  CANSWARM_ETCD=/opt/etcd/etcd npm run -s install-servers -- etcd --check --json
`;

interface Asked {
  readonly names: readonly ServerName[];
  readonly check: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

type Installed = FoundServer & { readonly built: boolean };

/** What was asked for; a text that says why it cannot be understood. */
function readArguments(): Asked | string {
  try {
    const flag = { type: 'boolean', default: false } as const;
    const options = { check: flag, json: flag, help: { ...flag, short: 'h' } } as const;
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const unknown = positionals.find((name) => !NAMES.some((known) => known === name));
    if (unknown !== undefined) return `there is no server "${unknown}": ${NAMES.join(', ')}`;
    const names = positionals.length === 0 ? NAMES : NAMES.filter((name) => positionals.includes(name));
    return { ...values, names };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function install(name: ServerName, check: boolean): Promise<Installed> {
  try {
    return { ...(await findServer(name, process.env)), built: false };
  } catch (error) {
    const isNamed = (process.env[SERVERS[name].variable] ?? '') !== '';
    if (!(error instanceof ServerMissing) || check || isNamed) throw error;
  }
  console.error(`${name} is not there: building it; this takes minutes`);
  await buildServer(await findGo(), PINS[name], join(serversFolder(process.env), name));
  return { ...(await findServer(name, process.env)), built: true };
}

async function main(): Promise<0 | 1 | 2> {
  const asked = readArguments();
  if (typeof asked === 'string') {
    console.error(`${asked}\n\n${HELP}`);
    return 2;
  }
  if (asked.help) {
    console.log(HELP);
    return 0;
  }
  const servers: Installed[] = [];
  let ok = true;
  for (const name of asked.names) {
    try {
      const server = await install(name, asked.check);
      servers.push(server);
      console.error(`${name} ${server.version} ${server.built ? 'built' : `there (${server.origin})`}: ${server.path}`);
    } catch (error) {
      if (!(error instanceof ServerMissing) && !(error instanceof BuildError)) throw error;
      ok = false;
      console.error(`${name}: ${error.message}\n  ${error.hint}`);
    }
  }
  if (asked.json) console.log(JSON.stringify({ ok, servers }));
  return ok ? 0 : 1;
}

process.exitCode = await main();
