import { openEnvelope, sealEntry, signEnvelope, verifyEntry } from '@canswarm/protocol';
import { crypto, sha256 } from '../../../support/keys.ts';
import { DAN } from '../../../world.ts';
import { Broken } from '../../checks/finding.ts';
import type { Command } from '../command.ts';

/**
 * Somebody signs in the name of another what that one never signed. Such an entry has no place in any log: it must not even come
 * before the law.
 */
export default {
  name: 'forge',
  often: 1,
  run(scene, choices) {
    const forged = choices.of(
      scene.world.entries.slice(-20).filter(({ envelope }) => envelope.payload.evidence === null),
    );
    if (forged === undefined || forged.envelope.payload.from === DAN.did) return;
    const { payload } = forged.envelope;
    const signed = signEnvelope(payload, { did: payload.from, sign: (message) => DAN.sign(message) }, sha256);
    const passed = openEnvelope(signed.bytes, crypto).ok || verifyEntry(sealEntry(signed.bytes, null), crypto).ok;
    if (passed) throw new Broken([{ property: 'P14', detail: `${payload.verb} passed with the signature of another` }]);
  },
} satisfies Command;
