import { describe, expect, it } from 'vitest';
import { publishedManifest } from '../../scripts/packing/manifest.ts';
import { withoutDeadLinks } from '../../scripts/packing/markdown.ts';
import { type PackagePlan, planPackages } from '../../scripts/packing/plan.ts';
import { withGuestsByPath } from '../../scripts/packing/stage.ts';
import { type Files, plant } from '../structure/planted.ts';

/** The package.json of a package with these fields, beside the usual ones. */
const manifest = (name: string, fields: object): string => JSON.stringify({ name, version: '0.1.0', ...fields });

const swarm = {
  description: 'everything',
  type: 'module',
  engines: { node: '>=22.18' },
  exports: { '.': './src/index.ts', './extra': { node: './src/extra.ts' }, './data': './src/data.json' },
  scripts: { postinstall: 'x' },
  dependencies: { '@canswarm/kernel': '0.1.0' },
  devDependencies: { vitest: '4.1.12' },
};
const cli = {
  publishedIn: 'canswarm',
  private: true,
  bin: { canswarm: './bin/canswarm.ts' },
  dependencies: { canswarm: '0.1.0', commander: '15.1.0' },
};

/** The published package, and the command that travels inside it. */
const files: Files = {
  'packages/canswarm/package.json': manifest('canswarm', swarm),
  'packages/canswarm/src/index.ts': 'export {};\n',
  'packages/canswarm/src/data.json': '{}\n',
  'packages/canswarm/test/index.test.ts': 'export {};\n',
  'packages/cli/package.json': manifest('@canswarm/cli', cli),
  'packages/cli/bin/canswarm.ts': '#!/usr/bin/env node\n',
};

function planOf(name: string, planted: Files): PackagePlan | undefined {
  return planPackages(plant({ ...files, ...planted })).find((plan) => plan.name === name);
}

function publishedOf(name: string, planted: Files): object {
  const plan = planOf(name, planted);
  if (plan === undefined) throw new Error(`${name} is not published`);
  return publishedManifest(plan);
}

describe('what is packed', () => {
  it('is every package that is not private, also one that has just been made', () => {
    const names = planPackages(
      plant({
        ...files,
        'packages/adapters/new/package.json': manifest('@canswarm/new', {}),
        'packages/secret/package.json': manifest('@canswarm/secret', { private: true }),
      }),
    ).map(({ name }) => name);
    expect(names.sort()).toEqual([
      '@canswarm/kernel',
      '@canswarm/local',
      '@canswarm/new',
      '@canswarm/ports',
      '@canswarm/protocol',
      'canswarm',
    ]);
  });

  it('has the files of its folders, and those of its guests', () => {
    const parts = planOf('canswarm', {})?.parts.map(({ into, files: carried }) => [into, carried]);
    expect(parts).toEqual([
      ['', ['src/data.json', 'src/index.ts']],
      ['cli/', ['bin/canswarm.ts', 'src/index.ts']],
    ]);
  });

  it('has the folders that package.json names', () => {
    const planted = {
      'packages/canswarm/package.json': manifest('canswarm', { files: ['page'] }),
      'packages/canswarm/page/index.html': '',
      'packages/canswarm/pages/index.html': '',
    };
    expect(planOf('canswarm', planted)?.parts[0].files).toEqual(['page/index.html']);
  });

  it('cannot travel in what is not published', () => {
    const lost = { 'packages/cli/package.json': manifest('@canswarm/cli', { publishedIn: '@canswarm/gone' }) };
    expect(() => planOf('canswarm', lost)).toThrow(
      'packages/cli/package.json: it is to be published in @canswarm/gone',
    );
  });

  it('has a package.json that leads to built files and runs nothing', () => {
    expect(publishedOf('canswarm', {})).toEqual({
      name: 'canswarm',
      version: '0.1.0',
      description: 'everything',
      type: 'module',
      engines: { node: '>=22.18' },
      exports: {
        '.': { types: './src/index.d.ts', default: './src/index.js' },
        './extra': { node: { types: './src/extra.d.ts', default: './src/extra.js' } },
        './data': './src/data.json',
      },
      bin: { canswarm: 'cli/bin/canswarm.js' },
      files: ['cli', 'src'],
      dependencies: { '@canswarm/kernel': '0.1.0', commander: '15.1.0' },
    });
  });

  it('is public, and says where it comes from only if its source does', () => {
    const peer = { peerDependencies: { vitest: '*' }, peerDependenciesMeta: { vitest: { optional: true } } };
    const fields = { homepage: 'https://example.org', repository: 'github:a/b', exports: './src/index.ts', ...peer };
    const planted = { 'packages/ports/package.json': manifest('@canswarm/ports', fields) };
    expect(publishedOf('@canswarm/ports', planted)).toEqual({
      name: '@canswarm/ports',
      version: '0.1.0',
      homepage: 'https://example.org',
      repository: 'github:a/b',
      exports: { types: './src/index.d.ts', default: './src/index.js' },
      files: ['src'],
      dependencies: {},
      ...peer,
      publishConfig: { access: 'public' },
    });
  });

  it('has one version of each dependency', () => {
    const fields = { ...cli, dependencies: { '@canswarm/kernel': '0.2.0' } };
    const torn = { 'packages/cli/package.json': manifest('@canswarm/cli', fields) };
    expect(() => publishedOf('canswarm', torn)).toThrow('@canswarm/kernel 0.2.0, but canswarm brings along 0.1.0');
  });
});

describe('a guest', () => {
  const guest = manifest('@canswarm/sim', {
    publishedIn: 'canswarm',
    private: true,
    dependencies: { canswarm: '0.1.0' },
  });
  const planted = {
    'packages/sim/package.json': guest,
    'packages/sim/src/index.ts': 'export {};\n',
    'packages/cli/package.json': manifest('@canswarm/cli', { ...cli, dependencies: { '@canswarm/sim': '0.1.0' } }),
  };

  it('is no dependency of the package that it travels in', () => {
    expect(publishedOf('canswarm', planted)).toMatchObject({ dependencies: { '@canswarm/kernel': '0.1.0' } });
    expect(publishedOf('canswarm', planted)).not.toHaveProperty(['dependencies', '@canswarm/sim']);
  });

  it('is found by its path by other guests', () => {
    const plan = planOf('canswarm', planted);
    if (plan === undefined) throw new Error('canswarm is published');
    const text = "import { a } from '@canswarm/sim';\nawait import('@canswarm/sim');\nimport '@canswarm/simple';\n";
    expect(withGuestsByPath('cli/src/commands/sim.js', text, plan)).toBe(
      "import { a } from '../../../sim/src/index.js';\nawait import('../../../sim/src/index.js');\nimport '@canswarm/simple';\n",
    );
  });
});

describe('links of a packed document', () => {
  it('lead somewhere, or are words', () => {
    const carried = new Set(['README.md', 'src/home/README.md']);
    const text = '[a](src/home/README.md#x) [b](../../spec/01.md) [c](https://a.org) [d](#e) ![f](g.png)';
    const kept = '[a](src/home/README.md#x) b [c](https://a.org) [d](#e) f';
    expect(withoutDeadLinks('README.md', text, carried)).toBe(kept);
    expect(withoutDeadLinks('src/home/README.md', '[a](../../README.md) [b](x.md)', carried)).toBe(
      '[a](../../README.md) b',
    );
  });
});
