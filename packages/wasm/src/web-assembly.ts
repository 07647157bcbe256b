/* The part of WebAssembly's API that its users share; neither the language's types nor Node's have it. */

/** Compiled code. */
export type CompiledModule = object;

export interface Memory {
  /** Another one after each growth; the last is detached then. */
  readonly buffer: ArrayBuffer;
  /** By pages of 64 KiB. Throws RangeError when the machine has no more. */
  grow(pages: number): number;
}

export interface Global {
  value: number;
}

/** A global that may hold any number: one of 64 bits is a bigint. */
export interface AnyGlobal {
  value: number | bigint;
}

export interface Instance {
  readonly exports: Readonly<Record<string, unknown>>;
}

interface Api {
  readonly Module: {
    new (bytes: Uint8Array<ArrayBuffer>): CompiledModule;
    exports(module: CompiledModule): readonly { readonly name: string; readonly kind: string }[];
  };
  readonly Memory: new (limits: { initial: number; maximum: number }) => Memory;
  readonly Instance: new (module: CompiledModule, imports: Readonly<Record<string, object>>) => Instance;
  /** What a trap is. */
  readonly RuntimeError: new () => Error;
}

export const webAssembly = Reflect.get(globalThis, 'WebAssembly') as Api;
