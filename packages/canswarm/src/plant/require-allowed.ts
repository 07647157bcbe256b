import { askPolicy, type State } from '@canswarm/kernel';
import { draftPayload, PolicyDeniedError, type Said } from '@canswarm/node';
import { type Did, encodePayload, MAIN_TASK, type NeedId } from '@canswarm/protocol';
import { HostError } from '../host/host-error.ts';
import type { Planned } from './plant.ts';
import type { PlantKeys } from './plant-keys.ts';

/**
 * Throws a HostError where the policy of the network denies what the keys of a plant have to say: its need, its result, and what sends back
 * the rest. They are members of nothing, so they have neither roles nor a zone. Asked before anything is paid for the plant.
 */
export function requireAllowed(
  state: State,
  { like, body, outputs, funds }: Planned,
  { requester, worker, mark }: PlantKeys,
  payer: Did,
): void {
  const telemetry = { wallMs: 0, bytesRead: 0, bytesWritten: 0 };
  const work = {
    need: like,
    task: MAIN_TASK,
    attempt: 1,
    fence: { incarnation: state.incarnation, position: state.position },
    outputs,
    telemetry,
    trace: null,
  };
  const all: readonly (readonly [Did, Said, NeedId | null])[] = [
    [requester.did, { verb: 'NEED', body: { ...body, mark } }, null],
    [worker.did, { verb: 'COMMIT', body: work }, like],
    [requester.did, { verb: 'TRANSFER', body: { to: payer, amount: funds.requester, create: false } }, null],
  ];
  for (const [from, said, thread] of all) {
    const payload = draftPayload(state, from, said, thread);
    const about = thread === null ? {} : { about: body };
    const answer = askPolicy(state, { payload, bytes: encodePayload(payload).length, gate: 'preflight', ...about });
    if (answer === null || answer.decision.allow) continue;
    const { capsule, decision } = answer;
    const denied = new PolicyDeniedError({
      did: from,
      verb: said.verb,
      whose: 'network',
      capsule,
      reasons: decision.reasons,
    });
    const hint =
      'Nothing was paid. The keys of a plant are fresh and without credential, so their zone is "unverified". Plant like a need of a class that is open to them (--like NEED), or have a policy hold that lets them: canswarm policy publish DIR';
    throw new HostError('refused', `nothing can be planted here: ${denied.message}`, hint, { cause: denied });
  }
}
