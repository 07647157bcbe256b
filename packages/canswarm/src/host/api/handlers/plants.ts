import type { Output } from '@canswarm/api';
import type { NeedId } from '@canswarm/protocol';
import type { Plant, Planter } from '../../../plant/planter.ts';
import { HostError } from '../../host-error.ts';
import type { HostParts } from '../../run-host.ts';
import type { ApiHandlers, ApiOptions } from '../handler-types.ts';

/** Results that are wrong on purpose. */
export function plantHandlers({ parts }: ApiOptions): Pick<ApiHandlers, 'plants' | 'plant' | 'postPlant'> {
  return {
    plants: () => ({ plants: (parts.planter?.list() ?? []).map((one) => told(parts, one)) }),
    plant: ({ number }) => {
      const found = parts.planter?.get(Number(number));
      if (found !== undefined) return told(parts, found);
      throw new HostError('not_found', `this node has no plant ${number}`, 'See them: canswarm plant list');
    },
    postPlant: async ({ body: { like } }) => told(parts, await planterOf(parts).plant(like as NeedId | null)),
  };
}

function planterOf({ planter, file }: HostParts): Planter {
  if (planter !== null) return planter;
  const hint = 'Plant from the node of an organisation: canswarm status shows which nodes have a requester.';
  throw new HostError('refused', `the node "${file.name}" has nobody who pays for plants`, hint);
}

function told({ looks }: HostParts, plant: Plant): Output<'plant'> {
  const { number, stage, like, posted, requester, worker, fault, closed, standing } = plant;
  const { verdict, seats, opened, sent, back, repaid } = standing;
  return {
    number,
    stage,
    like,
    needId: posted?.need ?? null,
    requester,
    worker,
    wrong: { class: fault.class, output: fault.claim.output, key: fault.claim.key },
    verdict,
    seats: seats.map((seat) => ({ ...seat, name: looks.nameOf(seat.did) })),
    opened,
    sent,
    back,
    repaid,
    over: closed !== null,
  };
}
