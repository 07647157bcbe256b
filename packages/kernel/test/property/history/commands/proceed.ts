import { jurySubject } from '../../../../src/jury.ts';
import { ADA, BYSTANDER, CREDIT } from '../../../world.ts';
import type { Choices } from '../choices.ts';
import type { Command } from '../command.ts';
import { divide } from '../plans.ts';
import { type Scene, WORKERS } from '../scene.ts';
import { accuse } from './accuse.ts';
import { certify } from './certify.ts';
import { commit } from './commit.ts';
import { appeal, disputesOf, judge } from './judge.ts';
import { claim } from './lease.ts';
import { postNeed } from './need.ts';
import openSeal from './open.ts';
import { tick } from './tick.ts';

/** Time passes up to the next thing that waits for it. */
function wait(scene: Scene, choices: Choices): void {
  const { world } = scene;
  const next = world.state.timers.next();
  const soon = world.state.timers.unstarted.size > 0 || world.state.pendingDraws.size > 0 || next === null;
  const ms = soon ? 50 : Math.max(50, Math.min(next - world.state.time, 20_000));
  tick(scene, choices.once(4) ? 50 : ms);
}

/** What honest keys would do next for one of the needs: so that every second deed leads somewhere. */
export default {
  name: 'proceed',
  often: 40,
  run(scene, choices) {
    const { world } = scene;
    const chosen = choices.once(3) ? choices.of(scene.needs) : scene.needs[0];
    if (chosen === undefined) return postNeed(scene, choices);
    // Where tasks are waited for, one that is open goes on.
    const open = scene.needs.find(
      ({ parent, phase }) => parent?.need === chosen.id && phase !== 'waiting' && phase !== 'final',
    );
    const need = chosen.phase === 'waiting' ? (open ?? chosen) : chosen;
    const story = scene.story(need);
    switch (need.phase) {
      case 'bidding': {
        if (story.plan.phase !== 'voting') return wait(scene, choices);
        const body = { need: need.id, round: need.round, ballot: story.plan.ballot };
        if (need.body.plan !== null && choices.below(3) < 2) {
          const { named, shown } = divide(choices, story);
          return scene.send(BYSTANDER, 'DECIDE', body, { envelopes: [...story.planVotes(named), ...shown] });
        }
        const able = WORKERS.filter((worker) => !need.failed.has(worker.did));
        const bids = able
          .slice(0, 1 + choices.below(4))
          .map((worker, index) => story.bid(worker, (index + 1) * CREDIT));
        return scene.send(BYSTANDER, 'DECIDE', body, { envelopes: [...story.planVotes(bids), ...bids] });
      }
      case 'ready':
        return claim(scene, choices, need);
      case 'leased':
        return choices.once(5) ? wait(scene, choices) : commit(scene, choices, story);
      case 'committed':
        if (story.jury.phase !== 'voting' && story.jury.phase !== 'opening') return wait(scene, choices);
        return choices.once(6) ? accuse(scene, choices, story) : certify(scene, choices, story);
      case 'verified': {
        const dispute = disputesOf(scene).find(({ subject }) => subject === story.commit.id);
        if (dispute !== undefined && !choices.once(4)) {
          const { ruling, instance } = dispute.dispute;
          const phase = world.state.committees.get(jurySubject(dispute.id, instance))?.phase;
          if (phase === 'voting') return judge(scene, choices, dispute);
          return ruling !== null && choices.once(3) ? appeal(scene, choices, dispute) : wait(scene, choices);
        }
        const sealed = scene.sealed.at(-1);
        const isLaid = (world.state.challenges.get(story.commit.id)?.length ?? 0) > 0;
        if (isLaid && sealed?.subject === story.commit.id && !choices.once(4)) return openSeal.run(scene, choices);
        if (story.commit.windowClosed) return scene.send(ADA, 'FINALIZE', { commit: story.commit.id });
        return choices.once(3) ? wait(scene, choices) : accuse(scene, choices, story);
      }
      default:
        return wait(scene, choices);
    }
  },
} satisfies Command;
