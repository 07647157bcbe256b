import type { PolicyTaken } from '@canswarm/api';
import type { State } from '@canswarm/kernel';
import { type Cid, capsuleFromJson, capsuleHolds, policyPieces } from '@canswarm/protocol';
import { HostError } from '../../host-error.ts';
import { appliedAs } from '../../say-applied.ts';
import type { ApiHandlers, ApiOptions } from '../handler-types.ts';

const BUILD = 'Build and sign it: canswarm policy build DIR; canswarm policy sign DIR --key NAME';

/** What everything in the network has to pass. */
export function policyHandlers({ parts }: ApiOptions): Pick<ApiHandlers, 'publishPolicy'> {
  const { node, crypto, file } = parts;
  return {
    async publishPolicy({ body: { capsule: line, engine } }) {
      const { authority } = node.state;
      if (!node.identities.some(({ signer }) => signer.did === authority)) {
        const hint = 'Ask the node that made the network: canswarm status; canswarm policy publish DIR --node NAME';
        throw new HostError('refused', `the node "${file.name}" has not the key of the network's authority`, hint);
      }
      const read = capsuleFromJson(line.trimEnd());
      if (!read.ok) throw new HostError('refused', `this is no capsule: ${read.code}`, BUILD);
      const { capsule } = read.signed;
      if (!capsuleHolds(read.signed, crypto)) throw new HostError('refused', 'nobody has signed this capsule', BUILD);
      const { body, blocks } = piecesOf({ capsule, engine: new Uint8Array(Buffer.from(engine, 'base64')) }, parts);
      const held = heldAlready(node.state, body.capsule);
      if (held !== null) return held;
      const say = () =>
        node.command(authority, { verb: 'POLICY', body }, null, { evidence: { envelopes: [], blocks } });
      const { position, entry } = await appliedAs(node, authority, 'POLICY', say);
      return { id: entry.envelope.id, position, epoch: node.state.epoch, capsule: body.capsule };
    },
  };
}

/** Since when a policy holds that holds now; null for any other. */
function heldAlready({ policy }: State, capsule: Cid): PolicyTaken | null {
  const present = policy?.epochs.at(-1);
  if (present === undefined || present.capsule !== capsule) return null;
  return { id: null, position: present.from - 1, epoch: present.epoch, capsule };
}

function piecesOf(
  policy: Parameters<typeof policyPieces>[0],
  { crypto }: ApiOptions['parts'],
): ReturnType<typeof policyPieces> {
  try {
    return policyPieces(policy, crypto.sha256);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new HostError('refused', cause.message, 'Make its Rego smaller; data belongs into the parameters.', {
      cause,
    });
  }
}
