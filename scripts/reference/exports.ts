import { posix } from 'node:path';
import type { Directive, Statement } from 'oxc-parser';
import type { Repository } from '../repository/repository.ts';
import type { Source } from '../repository/source.ts';

/** What a package exports under a name: where it is declared, and by which statements (several for overloads). */
export interface Exported {
  readonly name: string;
  /** What its declaration calls it. */
  readonly local: string;
  /** Name of the package that declares it. */
  readonly owner: string;
  readonly source: Source;
  readonly declarations: readonly Declaration[];
}

export interface Declaration {
  /** The statement with its `export`, which comments stand before. */
  readonly statement: Statement;
  /** What it declares: the statement without its `export`. */
  readonly node: Statement;
}

/** Finds what packages of the workspace export, through all that they pass on. */
export class ExportFinder {
  readonly #sources: ReadonlyMap<string, Source>;
  /** Path of the door of each package, by its name. */
  readonly #doors: ReadonlyMap<string, string>;
  readonly #owners: readonly { readonly dir: string; readonly name: string }[];

  constructor({ sources, packages }: Repository) {
    this.#sources = new Map(sources.map((source) => [source.path, source]));
    this.#doors = new Map(packages.map(({ dir, manifest }) => [manifest.name, `${dir}/src/index.ts`]));
    this.#owners = packages.map(({ dir, manifest }) => ({ dir, name: manifest.name }));
  }

  /** All exports of a package, by name. Throws for one whose declaration cannot be found. */
  exportsOf(packageName: string): readonly Exported[] {
    const door = this.#doors.get(packageName);
    if (door === undefined) throw new Error(`there is no package ${packageName}`);
    return [...this.#namesOf(door)].sort(inOrder).map((name) => this.#find(door, name));
  }

  /** The names that a file exports, types too. */
  #namesOf(path: string): ReadonlySet<string> {
    const names = new Set<string>();
    for (const statement of this.#source(path).program.body) {
      if (statement.type === 'ExportAllDeclaration') {
        for (const name of this.#namesOf(this.#target(path, statement.source.value))) names.add(name);
      } else if (statement.type === 'ExportNamedDeclaration') {
        for (const { exported } of statement.specifiers) names.add(nameOf(exported));
        if (statement.declaration !== null) for (const name of declaredNames(statement.declaration)) names.add(name);
      }
    }
    return names;
  }

  #find(path: string, name: string): Exported {
    const source = this.#source(path);
    for (const statement of source.program.body) {
      if (statement.type === 'ExportAllDeclaration') {
        const target = this.#target(path, statement.source.value);
        if (this.#namesOf(target).has(name)) return this.#find(target, name);
      } else if (statement.type === 'ExportNamedDeclaration') {
        const passed = statement.specifiers.find(({ exported }) => nameOf(exported) === name);
        if (passed === undefined) continue;
        const local = nameOf(passed.local);
        if (statement.source === null) return this.#declared(source, local, name);
        return { ...this.#find(this.#target(path, statement.source.value), local), name };
      }
    }
    return this.#declared(source, name, name);
  }

  #declared(source: Source, local: string, name: string): Exported {
    const declarations = source.program.body.flatMap((statement) => {
      const node = declarationOf(statement);
      return node !== null && declaredNames(node).includes(local) ? [{ statement, node }] : [];
    });
    if (declarations.length === 0) throw new Error(`${source.path} declares no ${local}`);
    const owner = this.#owners.find(({ dir }) => source.path.startsWith(`${dir}/`));
    return { name, local, owner: owner?.name ?? '', source, declarations };
  }

  #source(path: string): Source {
    const source = this.#sources.get(path);
    if (source === undefined) throw new Error(`there is no ${path}`);
    return source;
  }

  #target(from: string, specifier: string): string {
    if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
    const door = this.#doors.get(specifier);
    if (door === undefined) throw new Error(`${from} passes on ${specifier}, which is none of the workspace's`);
    return door;
  }
}

function declarationOf(statement: Statement | Directive): Statement | null {
  if (statement.type !== 'ExportNamedDeclaration') return statement;
  return statement.declaration;
}

function declaredNames(node: Statement): readonly string[] {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'TSDeclareFunction':
    case 'ClassDeclaration':
      return node.id === null ? [] : [node.id.name];
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
      return [node.id.name];
    case 'VariableDeclaration':
      return node.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []));
    default:
      return [];
  }
}

/** Case counts only between names that are otherwise the same. */
function inOrder(left: string, right: string): number {
  const [a, b] = [left.toLowerCase(), right.toLowerCase()];
  return a === b ? (left < right ? -1 : 1) : a < b ? -1 : 1;
}

const nameOf = (name: { readonly type: string; readonly name?: string; readonly value?: string }): string =>
  name.name ?? name.value ?? '';
