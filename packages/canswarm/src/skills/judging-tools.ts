import { CertificateChecks, type JudgingTools } from '@canswarm/agent';
import { check as htmlExtract } from '@canswarm/html-extract';
import { check as licenceAudit } from '@canswarm/licence-audit';
import { check as reconcile } from '@canswarm/reconcile';
import { quickjsSandbox } from '@canswarm/sandbox-quickjs';
import { check as tableClean } from '@canswarm/table-clean';

const CHECKS = new CertificateChecks([htmlExtract, licenceAudit, reconcile, tableClean]);

/** The names of the certificate checks of this software. */
export const certificateChecks = (): readonly string[] => CHECKS.names();

let tools: JudgingTools | null = null;

/** What this software judges results of agents with: its certificate checks, and a sandbox for modules that needs pin. */
export function judgingTools(): JudgingTools {
  tools ??= { checks: CHECKS, sandbox: quickjsSandbox() };
  return tools;
}
