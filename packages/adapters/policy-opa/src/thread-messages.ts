import type { PolicyErrorCode, PolicyProgram } from '@canswarm/ports';
import type { PolicyDecision } from '@canswarm/protocol';

/** From an engine to its thread. Each asks under a number of its own. */
export type ToThread =
  | { readonly kind: 'load'; readonly id: number; readonly policy: number; readonly program: PolicyProgram }
  | { readonly kind: 'evaluate'; readonly id: number; readonly policy: number; readonly input: Uint8Array }
  | { readonly kind: 'unload'; readonly policy: number };

/** From a thread to its engine: first that it can be asked. */
export type FromThread =
  | { readonly kind: 'ready' }
  | { readonly kind: 'loaded'; readonly id: number }
  | { readonly kind: 'refused'; readonly id: number; readonly code: PolicyErrorCode; readonly message: string }
  | { readonly kind: 'decided'; readonly id: number; readonly decision: PolicyDecision };
