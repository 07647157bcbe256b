import { CliFailure, EXIT } from './failure.ts';
import { safe } from './text.ts';

/** A file that is not there, or a proof that is broken, as the library says it. */
interface Fault {
  readonly code: string;
  readonly file: string;
  readonly detail: string;
  readonly line?: number;
}

const NOT_THERE = new Set(['no_folder', 'missing_file']);

/** Ends a command that needed a log and did not get one. */
export function logFailure(fault: Fault): CliFailure {
  const at = fault.line === undefined ? '' : ` line ${fault.line}`;
  const what = `${safe(fault.file)}${at}: ${safe(fault.detail)}`;
  if (NOT_THERE.has(fault.code)) {
    const means = 'There is no proof at this path.';
    return new CliFailure(
      EXIT.usage,
      fault.code,
      what,
      means,
      'Name the proof folder that `canswarm brief` wrote, such as brief-out/proof.',
    );
  }
  const means = 'The file is not what was written when the proof was made, so nothing can be said from it.';
  return new CliFailure(
    EXIT.untrue,
    fault.code,
    what,
    means,
    'Get the proof again from who made it, and see: canswarm verify --help',
  );
}
