import type { Example } from '@canswarm/agent';

/** A case that passes: one package that is not installed and of which the lockfile says no licence. */
export const example: Example = {
  input: { allow: ['MIT'] },
  files: {
    'package-lock.json': '{"lockfileVersion":3,"packages":{"":{},"node_modules/kettle":{"version":"1.0.0"}}}\n',
  },
  output: {
    summary: { packages: 1, denied: 0, mismatch: 0, unknown: 1, allowed: 0, links: 0, development: 0 },
    packages: [
      {
        path: 'node_modules/kettle',
        name: 'kettle',
        version: '1.0.0',
        source: null,
        said: null,
        declared: null,
        found: [],
        verdict: 'unknown',
        notes: ['not_installed', 'no_licence'],
        citations: [],
      },
    ],
    unusable: [],
  },
  outputFiles: {
    'report.md': [
      '# Licence audit',
      '',
      '1 packages: 0 denied, 0 mismatch, 1 unknown, 0 allowed. Left out: 0 links, 0 for development.',
      '',
      '## Unknown',
      '',
      '| package | version | says | texts | remarks | path |',
      '| --- | --- | --- | --- | --- | --- |',
      '| `kettle` | `1.0.0` |  |  | not_installed, no_licence | `node_modules/kettle` |',
      '',
    ].join('\n'),
  },
};
