import type { Node } from '@canswarm/node';
import type { Clock } from '@canswarm/ports';
import type { Did, NeedId } from '@canswarm/protocol';

/**
 * Takes a need back once every worker failed and nobody claimed the task for the length of a lease: its deadline may be far, and its
 * money is better at home. `did` is the requester's key, held by this node.
 */
export function cancelWhenAlone(
  { node, did }: { readonly node: Node; readonly did: Did },
  need: NeedId,
  clock: Clock,
): void {
  const cancel = (): void => {
    if (node.state.needs.get(need)?.phase !== 'ready') return;
    // Refused when somebody claimed it in this moment: then there is nobody alone.
    node.command(did, { verb: 'CANCEL', body: { need } }, need).catch(() => undefined);
  };
  const stop = node.listen({
    onApplied({ events }) {
      for (const event of events) {
        if (!('need' in event) || event.need !== need) continue;
        if (event.type === 'task_ready') clock.schedule(node.state.params.leaseMs, cancel);
        if (event.type === 'need_settled') stop();
      }
    },
  });
}
