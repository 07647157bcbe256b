/** Something that does not hold: a property (P1 to P16), or by a word what else the law and its model differ in. */
export interface Finding {
  readonly property: string;
  readonly detail: string;
}

/** A history in which something does not hold. */
export class Broken extends Error {
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super(findings.map(({ property, detail }) => `${property}: ${detail}`).join('\n'));
    this.name = 'Broken';
    this.findings = findings;
  }
}
