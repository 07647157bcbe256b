/**
 * Why the home cannot do what was asked.
 * - `permissions`: somebody else owns, or may read or change, what must be private; or this process may not.
 * - `newer`: written by a newer version of this software.
 * - `not_a_home`: the folder holds something else.
 * - `full`, `io`: the disk is full; anything else that the operating system reports.
 * - `busy`: another process is changing the home for longer than the deadline.
 * - `damaged`: a file is not what was written.
 * - `invalid`: an argument, setting or name is malformed.
 * - `exists`, `unknown`: a key of that name or did is there already; is not there.
 * - `no_passphrase`, `wrong_passphrase`: none was given where one is needed; it does not open the key.
 * - `in_use`: a running process holds the key.
 */
export type HomeErrorCode =
  | 'permissions'
  | 'newer'
  | 'not_a_home'
  | 'full'
  | 'io'
  | 'busy'
  | 'damaged'
  | 'invalid'
  | 'exists'
  | 'unknown'
  | 'no_passphrase'
  | 'wrong_passphrase'
  | 'in_use';

/** Thrown by everything in this folder: what happened (`message`), what it means, what to do. Holds no secrets. */
export class HomeError extends Error {
  override readonly name = 'HomeError';
  readonly code: HomeErrorCode;
  readonly means: string;
  readonly todo: string;

  constructor(code: HomeErrorCode, what: string, means: string, todo: string, options?: ErrorOptions) {
    super(what, options);
    this.code = code;
    this.means = means;
    this.todo = todo;
  }
}

/** What an error of the operating system on that path means. Errors of any other kind are given back as they are. */
function systemError(error: unknown, path: string): unknown {
  if (error instanceof HomeError || !(error instanceof Error) || !('code' in error)) return error;
  const { code, message } = error;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const means = 'Nothing of what was to be written was kept; what was there before is unchanged.';
    return new HomeError('full', `${path}: the disk is full`, means, 'Free some space, then try again.', {
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    const means = 'This process may not read or write there.';
    const todo = 'Check the owner and permissions of the file and its folder, or choose another home: --home FOLDER';
    return new HomeError('permissions', `${path}: ${message}`, means, todo, { cause: error });
  }
  const todo = 'Check that the path is right and the disk works, or choose another home: --home FOLDER';
  return new HomeError('io', `${path}: ${message}`, 'The operating system refused.', todo, { cause: error });
}

/** Does `work` on a path, with errors of the operating system as HomeErrors. */
export function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw systemError(error, path);
  }
}
