import { conformDigest, parseVector, vectorPieces } from '@canswarm/protocol';
import { sha256 } from '../../support/keys.ts';
import { inGenesis, TINY_VECTOR, tinyEngine, tinyPolicy } from '../../support/policies.ts';
import { Story } from '../../support/story.ts';
import { ADA } from '../../world.ts';
import type { Attack } from '../attack.ts';

const POLICY = tinyPolicy({});

/**
 * A suspended key copies what another said of the vector, says what it would have decided itself, and shows a vector of its own. That it may read the
 * vector and hash what stands there is a limit: its next vote by another evaluation counts for nothing and suspends it again.
 */
export default {
  attackers: [],
  must: 'impossible',
  world: { policy: inGenesis(POLICY), load: tinyEngine().load },
  unguarded: [
    {
      file: 'rules/conform.ts',
      find: 'if (!equalBytes(body.digest, due)) return',
      put: 'if (equalBytes(body.digest, new Uint8Array(0))) return',
    },
  ],
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver().toJudging();
    const [liar, other] = story.seats(story.jury);
    if (liar === undefined || other === undefined) throw new Error('a jury has seats');
    const vote = story.vote(liar, 'pass', { policyDigest: null });
    world.accept(other, 'SUSPEND', { member: liar.did, vote: vote.id }, { envelopes: [vote] });
    const { cid: capsule } = POLICY;
    const decisions = parseVector(TINY_VECTOR) ?? [];
    const taken = vectorPieces(TINY_VECTOR, sha256);
    if (taken === null) throw new Error('the vector is small');
    const { pieces, blocks } = taken;
    const dearer = decisions.map((one) => ({ ...one, decision: { ...one.decision, gasUsed: 8 } }));
    for (const digest of [
      conformDigest({ did: other.did, capsule, decisions }, sha256),
      conformDigest({ did: liar.did, capsule, decisions: dearer }, sha256),
      conformDigest({ did: liar.did, capsule, decisions: [] }, sha256),
    ])
      if (world.submit(liar, 'CONFORM', { capsule, pieces, digest }, { blocks }).outcome.accepted)
        throw new Error('who did not decide the vector conforms');
    story.judge('pass', 3).settle();
  },
} satisfies Attack;
