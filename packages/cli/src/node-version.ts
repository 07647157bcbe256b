/** The oldest Node that runs this program: it strips types and has node:sqlite. */
const LEAST = [22, 18] as const;

/** The oldest Node that runs this program, as people write it. */
export const NODE_LEAST = LEAST.join('.');

/** Whether a version of Node runs this program. Imports nothing, so that Node of any age can ask. */
export function nodeSuffices(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = LEAST;
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}
