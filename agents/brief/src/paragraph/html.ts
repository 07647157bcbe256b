import { type Token, Tokenizer, TokenizerMode } from 'parse5';
import { type Block, type BlockKind, HeadingPath } from './block.ts';

const BLOCK_TAGS: ReadonlySet<string> = new Set(
  (
    'address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure footer ' +
    'form frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li main menu nav ol optgroup option p pre search section ' +
    'select summary table tbody td tfoot th thead title tr ul'
  ).split(' '),
);

/** Elements whose contents are not text for readers, with the way the tokenizer must read them. */
const RAW_TAGS: ReadonlyMap<string, (typeof TokenizerMode)['RAWTEXT' | 'RCDATA' | 'SCRIPT_DATA' | 'PLAINTEXT']> =
  new Map([
    ['iframe', TokenizerMode.RAWTEXT],
    ['noembed', TokenizerMode.RAWTEXT],
    ['noframes', TokenizerMode.RAWTEXT],
    ['script', TokenizerMode.SCRIPT_DATA],
    ['style', TokenizerMode.RAWTEXT],
    ['textarea', TokenizerMode.RCDATA],
    ['title', TokenizerMode.RCDATA],
    ['xmp', TokenizerMode.RAWTEXT],
  ]);

/** Elements that are left out with everything inside them. */
const HIDDEN_TAGS: ReadonlySet<string> = new Set([
  'nav',
  'svg',
  'math',
  'template',
  'iframe',
  'script',
  'style',
  'textarea',
  'noembed',
  'noframes',
  'xmp',
]);

const HEADING = /^h([1-6])$/;

/**
 * Cuts HTML into blocks: every run of inline content between two block tags. A block's range starts with its first visible
 * character and ends with its last, so inline tags inside it belong to the quote and the tags around it do not.
 *
 * It reads tokens, not a tree: no input makes that slower than linear, and locations are always those of the source.
 */
export function parseHtml(text: string): Block[] {
  const parser = new HtmlParser(text);
  const tokenizer = new Tokenizer({ sourceCodeLocationInfo: true }, parser);
  parser.tokenizer = tokenizer;
  tokenizer.write(text, true);
  return parser.finish();
}

interface Run {
  readonly start: number;
  end: number;
  readonly pieces: string[];
}

class HtmlParser {
  tokenizer: Tokenizer | undefined;
  readonly #source: string;
  readonly #headings = new HeadingPath();
  readonly #blocks: Block[] = [];
  #run: Run | undefined;
  #kind: BlockKind = 'paragraph';
  #headingLevel: number | undefined;
  /** The hidden element being left out and how many of its name are open inside it. */
  #hidden: { readonly tag: string; depth: number } | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  onStartTag(token: Token.TagToken): void {
    const { tagName } = token;
    const mode = RAW_TAGS.get(tagName);
    if (mode !== undefined && this.tokenizer !== undefined) this.tokenizer.state = mode;
    if (this.#hidden !== undefined) {
      if (this.#hidden.tag === tagName && !token.selfClosing) this.#hidden.depth++;
      return;
    }
    if (HIDDEN_TAGS.has(tagName)) {
      this.#close();
      if (!token.selfClosing || mode !== undefined) this.#hidden = { tag: tagName, depth: 1 };
      return;
    }
    if (!BLOCK_TAGS.has(tagName)) return;
    this.#close();
    const level = HEADING.exec(tagName)?.[1];
    this.#headingLevel = tagName === 'title' ? 1 : level === undefined ? undefined : Number(level);
    this.#kind = kindOf(tagName);
  }

  onEndTag(token: Token.TagToken): void {
    const { tagName } = token;
    if (this.#hidden !== undefined) {
      if (this.#hidden.tag === tagName && --this.#hidden.depth === 0) this.#hidden = undefined;
      return;
    }
    if (!BLOCK_TAGS.has(tagName)) return;
    this.#close();
    this.#headingLevel = undefined;
    this.#kind = 'paragraph';
  }

  onCharacter(token: Token.CharacterToken): void {
    if (this.#hidden !== undefined || token.location === null) return;
    const { startOffset, endOffset } = token.location;
    this.#run ??= { start: startOffset, end: endOffset, pieces: [] };
    this.#run.end = endOffset;
    this.#run.pieces.push(token.chars);
  }

  onWhitespaceCharacter(token: Token.CharacterToken): void {
    this.#run?.pieces.push(token.chars);
  }

  onNullCharacter(): void {}
  onComment(): void {}
  onDoctype(): void {}

  onEof(): void {
    this.#close();
  }

  #close(): void {
    const run = this.#run;
    this.#run = undefined;
    if (run === undefined) return;
    const raw = this.#source.slice(run.start, run.end);
    const start = run.start + (raw.length - raw.trimStart().length);
    const end = run.end - (raw.length - raw.trimEnd().length);
    const text = run.pieces.join('');
    if (this.#headingLevel !== undefined) this.#headings.enter(this.#headingLevel, text.replace(/\s+/g, ' ').trim());
    else if (start < end) this.#blocks.push({ kind: this.#kind, start, end, headings: this.#headings.path(), text });
  }

  finish(): Block[] {
    this.#close();
    return this.#blocks;
  }
}

function kindOf(tag: string): BlockKind {
  if (tag === 'pre') return 'code';
  if (tag === 'td' || tag === 'th') return 'row';
  return tag === 'li' || tag === 'dd' || tag === 'dt' ? 'item' : 'paragraph';
}
