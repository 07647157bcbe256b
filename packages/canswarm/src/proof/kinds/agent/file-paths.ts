import { spellUnseen } from '@canswarm/brief';
import { compareText, type Sha256, toHex, utf8, utf8Length } from '@canswarm/protocol';
import { OUTPUT_FILES } from '../../folder/layout.ts';

/** Longest step of a path, and longest path, in bytes: file systems hold steps of 255. */
const STEP_BYTES_MAX = 240;
const PATH_BYTES_MAX = 1_024;
/** What a file system, a shell or another machine would take for something else. */
const SPECIAL = /[%\\:*?"<>|]/g;
/** What some file systems leave off the end of a step; `.` and `..` with it. */
const END = /[. ]$/;

/**
 * Where the files of an output lie beside its proof, by their names (`spec/11-audit.md`, names of files): at `files/NAME`, with
 * whatever a file system cannot hold spelled as the bytes it is. Names that no spelling helps, since they are too long or in each
 * other's way, are replaced by their hash. Names are anybody's: none leads out of `files`, and no two lead to one place.
 */
export function filePaths(names: readonly string[], sha256: Sha256): ReadonlyMap<string, string> {
  const spelled = names.map((name) => ({ name, path: spelledPath(name) }));
  const inTheWay = namesInTheWay(spelled);
  return new Map(
    spelled.map(({ name, path }) => {
      const held = path !== undefined && !inTheWay.has(name);
      return [name, `${OUTPUT_FILES}/${held ? path : `%name-${toHex(sha256(utf8(name)))}`}`];
    }),
  );
}

interface Spelled {
  readonly name: string;
  readonly path: string | undefined;
}

/** A name as a path; undefined when that would be too long. */
function spelledPath(name: string): string | undefined {
  const steps = name.split('/').map(spelledStep);
  const path = steps.join('/');
  const fits = steps.every((step) => utf8Length(step) <= STEP_BYTES_MAX) && utf8Length(path) <= PATH_BYTES_MAX;
  return fits ? path : undefined;
}

function spelledStep(step: string): string {
  if (step === '') return '%';
  return spellUnseen(step.replace(SPECIAL, percent), percent).replace(END, percent);
}

const percent = (character: string): string =>
  [...utf8(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');

/** Names that would need a place which another one has, or a folder where another one is a file; upper and lower case are one. */
function namesInTheWay(spelled: readonly Spelled[]): ReadonlySet<string> {
  // A step ends before everything else, so that what lies in a folder follows right after its name.
  const folded = spelled
    .flatMap(({ name, path }) => (path === undefined ? [] : [{ name, path: lowered(path).replaceAll('/', '\0') }]))
    .sort((left, right) => compareText(left.path, right.path));
  const found = new Set<string>();
  for (const [index, { name, path }] of folded.entries()) {
    const [before, after] = [folded[index - 1]?.path, folded[index + 1]?.path];
    if (path === before || path === after || after?.startsWith(`${path}\0`) === true) found.add(name);
  }
  return found;
}

/** Only letters of ASCII: what is one letter beyond differs between file systems. */
const lowered = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
