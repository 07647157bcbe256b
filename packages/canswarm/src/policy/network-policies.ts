import type { LoadPolicy } from '@canswarm/kernel';
import { opaPolicies } from '@canswarm/policy-opa';

/** What loads the policies of networks in this process, for its nodes and for every log that is judged again. */
export const networkPolicies: LoadPolicy = opaPolicies();
