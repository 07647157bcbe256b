import { loadTable, type OpenApiDocument } from '@canswarm/api';
import { HostError } from '../../host-error.ts';
import { encodeInvitation } from '../../invitation.ts';
import type { HostParts } from '../../run-host.ts';
import { statusOf } from '../../status.ts';
import type { ApiHandlers, ApiOptions } from '../handler-types.ts';

/** How long a peer may take to show that it is there, ms. */
const REACH_MS = 1_500;

/** The node itself. */
export function nodeHandlers({
  parts,
  address,
  onStop,
}: ApiOptions): Pick<ApiHandlers, 'health' | 'openApi' | 'status' | 'reach' | 'invite' | 'stop'> {
  let document: OpenApiDocument | null = null;
  return {
    health: () => ({ ok: true }),
    async openApi() {
      document ??= (await loadTable()).openApiDocument();
      return { ...document };
    },
    status: () => statusOf(parts, address()),
    reach: async () => ({ peers: await parts.transport.reach(REACH_MS) }),
    invite: () => ({ invitation: invite(parts) }),
    stop(_input, call) {
      call.afterAnswer(onStop);
      return { stopping: true };
    },
  };
}

function invite({ desk, file, transport, folder }: HostParts): string {
  if (desk === null) {
    throw new HostError(
      'refused',
      `the node "${file.name}" cannot invite`,
      'Only the node that made the network can: run it there.',
    );
  }
  const { addresses } = transport.status();
  const { network, log } = file;
  return encodeInvitation({ network, name: folder.network.name, addresses, log, token: desk.invite() });
}
