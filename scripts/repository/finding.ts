/** One place where the repository breaks one of its own rules. `line` counts from 1. */
export interface Finding {
  readonly rule: string;
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** A finding as one line that editors and terminals can follow: `path:line rule message`. */
function formatFinding(finding: Finding): string {
  return `${finding.path}:${finding.line} ${finding.rule}: ${finding.message}`;
}

/** Prints findings to standard error, a summary to standard output, and sets the exit code (0 clean, 1 not). */
export function reportFindings(name: string, findings: readonly Finding[], filesRead: number): void {
  for (const finding of findings) console.error(formatFinding(finding));
  console.log(`${name}: ${filesRead} files read, ${findings.length} findings`);
  // A run that read nothing has proven nothing.
  process.exitCode = findings.length > 0 || filesRead === 0 ? 1 : 0;
}
