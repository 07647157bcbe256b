import { CertificateChecks, type JudgingTools } from '@canswarm/agent';
import { check as licenceCheck } from '@canswarm/licence-audit';
import { quickjsSandbox } from '@canswarm/sandbox-quickjs';

let tools: JudgingTools | null = null;

/** What this software judges results of agents with: its certificate checks, and a sandbox for modules that needs pin. */
export function judgingTools(): JudgingTools {
  tools ??= { checks: new CertificateChecks([licenceCheck]), sandbox: quickjsSandbox() };
  return tools;
}
