import { askPolicy, type State, type Stated } from '@canswarm/kernel';
import { draftPayload, PolicyDeniedError, type Said } from '@canswarm/node';
import { type ArtifactRef, type Did, encodePayload, MAIN_TASK, type NeedId } from '@canswarm/protocol';
import { HostError } from '../host/host-error.ts';
import type { Planned } from './plant.ts';
import type { PlantKeys } from './plant-keys.ts';

type Asked = Pick<Planned, 'like' | 'body'>;

/**
 * Throws a HostError where the policy of the network denies what the keys of a plant have to say: its need, a result of it, and what sends back
 * the rest. They are members of nothing, so they have neither roles nor a zone. Asked before anything is paid for the plant.
 */
export function requireAllowed(
  state: State,
  asked: Asked & Pick<Planned, 'outputs' | 'funds'>,
  { requester, worker, mark }: PlantKeys,
  payer: Did,
): void {
  const { body, funds, outputs } = asked;
  const denied =
    denialOf(state, { from: requester.did, said: { verb: 'NEED', body: { ...body, mark } }, thread: null }) ??
    denialOfResult(state, asked, worker.did, outputs, null) ??
    denialOf(state, {
      from: requester.did,
      said: { verb: 'TRANSFER', body: { to: payer, amount: funds.requester, create: false } },
      thread: null,
    });
  if (denied === null) return;
  const hint =
    'Nothing was paid. The keys of a plant are fresh and without credential, so their zone is "unverified". Plant like a need of a class that is open to them (--like NEED), or have a policy hold that lets them: canswarm policy publish DIR';
  throw new HostError('refused', `nothing can be planted here: ${denied.message}`, hint, { cause: denied });
}

/** Why the policy of the network denies a result of a plant by its worker, or null. `stated`: what it states; null where nobody can prove that. */
export function denialOfResult(
  state: State,
  { like, body }: Asked,
  worker: Did,
  outputs: readonly ArtifactRef[],
  stated: Stated | null,
): PolicyDeniedError | null {
  const work = {
    need: like,
    task: MAIN_TASK,
    attempt: 1,
    fence: { incarnation: state.incarnation, position: state.position },
    outputs,
    telemetry: { wallMs: 0, bytesRead: 0, bytesWritten: 0 },
    trace: null,
  };
  const said = { verb: 'COMMIT', body: work } as const;
  return denialOf(state, { from: worker, said, thread: like, about: body, ...(stated === null ? {} : { stated }) });
}

interface Saying {
  readonly from: Did;
  readonly said: Said;
  readonly thread: NeedId | null;
  readonly about?: Planned['body'];
  readonly stated?: Stated;
}

function denialOf(state: State, { from, said, thread, ...facts }: Saying): PolicyDeniedError | null {
  const payload = draftPayload(state, from, said, thread);
  const answer = askPolicy(state, { payload, bytes: encodePayload(payload).length, gate: 'preflight', ...facts });
  if (answer === null || answer.decision.allow) return null;
  const { capsule, decision } = answer;
  return new PolicyDeniedError({ did: from, verb: said.verb, whose: 'network', capsule, reasons: decision.reasons });
}
