import { flushCompileCache } from 'node:module';
import { CliFailure, EXIT } from './failure.ts';

type Canswarm = typeof import('canswarm');

/**
 * The library, loaded when a command needs it: so help is quick, and a machine on which it cannot be loaded still gets
 * help, a doctor, and an error that says what lacks.
 */
export async function loadCanswarm(): Promise<Canswarm> {
  try {
    const library = await import('canswarm');
    // A node may run for months, or be killed: what was compiled is kept now, not at the end.
    flushCompileCache?.();
    return library;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const said = error.message;
    throw new CliFailure(
      EXIT.environment,
      'library_missing',
      `canswarm cannot be loaded here: ${said}`,
      'A package lacks, or a native one (sodium-native) was built for another Node or system.',
      'Install again with the same Node: npm ci, or npm install canswarm. Then run: canswarm doctor',
    );
  }
}
