/**
 * The arrows of docs/ARCHITECTURE.md as a table. A package's sources may name the packages of its row; its tests may name
 * any package but those of `nobody`.
 */
interface Layer {
  /** Matches a package folder. */
  readonly dirs: RegExp;
  /** Package folders that it may import. */
  readonly mayImport: RegExp;
}

const layers: readonly Layer[] = [
  { dirs: /^packages\/protocol$/, mayImport: /^$/ },
  { dirs: /^packages\/kernel$/, mayImport: /^packages\/protocol$/ },
  { dirs: /^packages\/ports$/, mayImport: /^packages\/protocol$/ },
  { dirs: /^packages\/node$/, mayImport: /^packages\/(protocol|kernel|ports)$/ },
  { dirs: /^packages\/adapters\/[^/]+$/, mayImport: /^packages\/(protocol|ports|wasm)$/ },
  { dirs: /^packages\/api$/, mayImport: /^packages\/protocol$/ },
  { dirs: /^packages\/csv$/, mayImport: /^$/ },
  { dirs: /^policies$/, mayImport: /^$/ },
  { dirs: /^packages\/wasm$/, mayImport: /^$/ },
  { dirs: /^packages\/agent$/, mayImport: /^packages\/(protocol|kernel|ports)$/ },
  { dirs: /^packages\/agent-testing$/, mayImport: /^packages\/(protocol|ports|agent|adapters\/memory)$/ },
  { dirs: /^agents\/[^/]+$/, mayImport: /^packages\/(protocol|ports|agent|csv)$/ },
  {
    dirs: /^packages\/canswarm$/,
    mayImport: /^(packages\/(protocol|kernel|ports|node|agent|api|adapters\/[^/]+)|agents\/[^/]+|policies)$/,
  },
  {
    dirs: /^packages\/simulator$/,
    mayImport: /^packages\/(protocol|kernel|ports|node|canswarm|adapters\/(memory|local))$/,
  },
  { dirs: /^packages\/cli$/, mayImport: /^(packages\/(?!cli$).+|agents\/[^/]+)$/ },
];

/** Folders that nothing imports, not even a test of another package. */
export const importedByNobody = /^packages\/cli$/;

/** True or false for a known package folder; undefined when the folder has no row yet. */
export function mayImport(from: string, to: string): boolean | undefined {
  const layer = layers.find(({ dirs }) => dirs.test(from));
  return layer === undefined ? undefined : layer.mayImport.test(to);
}
