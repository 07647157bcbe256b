import { softwareSigner } from '@canswarm/local';
import { type Cid, type Did, signCapsule } from '@canswarm/protocol';
import type { Home } from '../home/index.ts';
import { openPolicy } from './open-policy.ts';
import { writeCapsule } from './policy-folder.ts';

/**
 * Signs the capsule of a built policy with a key of the home: its author answers for what its files are. Throws PolicyFault, HomeError.
 */
export async function signPolicy(
  folder: string,
  home: Home,
  keyName: string,
): Promise<{ readonly cid: Cid; readonly author: Did }> {
  const { cid, capsule } = openPolicy(folder);
  const key = await home.keys.open(keyName);
  try {
    const author = softwareSigner(key.secret.reveal());
    writeCapsule(folder, signCapsule(capsule, author));
    return { cid, author: author.did };
  } finally {
    key.close();
  }
}
