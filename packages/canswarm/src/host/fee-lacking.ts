import { LogFeeError, PolicyDeniedError, SealFundsError } from '@canswarm/node';
import { HostError } from './host-error.ts';
import { creditsText } from './refusal-text.ts';

/** Waits until something is said. Rejects with a HostError `refused` that names the numbers where its key cannot pay for log space, or for a challenge, and the rule where the policy denies it. */
export async function paidFor<T>(said: T | Promise<T>): Promise<T> {
  try {
    return await said;
  } catch (error) {
    if (error instanceof SealFundsError) {
      const what = `the challenge takes ${creditsText(error.funds)} until it is judged, and its key has ${creditsText(error.free)} free`;
      const hint = `That is its bond, what judging its proof adds, and log space; nothing was sent. Send it some first: canswarm pay send KEY ${error.did}`;
      throw new HostError('refused', what, hint, { cause: error });
    }
    if (error instanceof PolicyDeniedError) {
      const hint =
        error.whose === 'need'
          ? `Nothing was sent: nobody would bid. Change the policy (${error.capsule}), or the need.`
          : `Nothing was sent: every node would refuse it. Say it so that the policy allows it, or ask the authority of the network for another policy (${error.capsule}).`;
      throw new HostError('refused', error.message, hint, { cause: error });
    }
    if (!(error instanceof LogFeeError)) throw error;
    const { did, verb, fee, free } = error;
    const what = `${verb} costs ${creditsText(fee)} of log space, and its key has ${creditsText(free)} free`;
    const hint = `Nothing was sent. Send it some first: canswarm pay send KEY ${did}`;
    throw new HostError('refused', what, hint, { cause: error });
  }
}
