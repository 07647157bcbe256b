import type { CertificateCheck } from '../definition.ts';

/** Certificate checks by name, those of the bundled agents among them. Two of one name are a defect. */
export class CertificateChecks {
  readonly #byName = new Map<string, CertificateCheck>();

  constructor(checks: readonly CertificateCheck[]) {
    for (const check of checks) {
      if (this.#byName.has(check.name)) throw new Error(`two certificate checks are named ${check.name}`);
      this.#byName.set(check.name, check);
    }
  }

  get(name: string): CertificateCheck | undefined {
    return this.#byName.get(name);
  }

  names(): readonly string[] {
    return [...this.#byName.keys()].sort();
  }
}
