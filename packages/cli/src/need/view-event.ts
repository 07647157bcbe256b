import type { NeedOutlook, NeedRecord } from '@canswarm/api';
import type { BriefEvent, Hindrance } from 'canswarm';

/** What a node heard of a need. Node and command are of one version, so the hindrances are as the library has them. */
export interface SeenOutlook extends Omit<NeedOutlook, 'hindrances'> {
  readonly hindrances: readonly Hindrance[];
}

/** What a view of a need is told. */
export type ViewEvent =
  | BriefEvent
  | { readonly type: 'need'; readonly record: NeedRecord }
  | { readonly type: 'outlook'; readonly outlook: SeenOutlook };

/** An outlook as the API gives it, to be shown. */
export const seenOutlook = (outlook: NeedOutlook): SeenOutlook => outlook as unknown as SeenOutlook;
