/** What worker and check both go by: numbers and names of the task, no code. What is due stands in the README. */
export const SKILL = 'html-extract';
/** Name of the check; another rule of judgement is another name. */
export const CHECK = 'html-extract/1';

export const FILES_MAX = 200;
/** Largest file that is read, and all files together; bytes. */
export const FILE_BYTES_MAX = 8_388_608;
export const TOTAL_BYTES_MAX = 16_777_216;
/** Elements that the parser makes of one file. */
export const ELEMENTS_MAX = 200_000;
/** Steps of a path. */
export const STEPS_MAX = 128;
/** Elements whose names are longer are "*" in a path. */
export const STEP_NAME_MAX = 16;
/** UTF-16 units of a cell, of an attribute as it stands in the source, and of a name that stands in a document. */
export const CELL_UNITS_MAX = 16_384;
export const ATTRIBUTE_UNITS_MAX = 65_536;
export const NAME_UNITS_MAX = 128;
/** Rows given, of all sets together; and UTF-16 units of their texts and paths. */
export const ROWS_MAX = 100_000;
export const UNITS_MAX = 16_777_216;
/** What each row, each cell and each entry of `skipped` counts of these besides. */
export const EACH_UNITS = 32;
/** Rows that the value repeats: as many as fit these bytes of JSON. */
export const SHOWN_BYTES_MAX = 524_288;
/** Entries of `skipped` that the value repeats. */
export const SKIPPED_SHOWN_MAX = 500;
export const TABLES_MAX = 200;
export const COLUMNS_MAX = 1_000;
/** Slots of one table. */
export const SLOTS_MAX = 1_000_000;
/** Most columns and rows that one cell covers, as the HTML standard has it. */
export const COLSPAN_MAX = 1_000;
export const ROWSPAN_MAX = 65_534;
/** Longest selector, UTF-16 units. */
export const SELECTOR_UNITS_MAX = 256;
/** Compounds that one selector leads through, by spaces, ">" and "+". */
export const COMPOUNDS_MAX = 16;

export const TYPES = ['text', 'integer', 'decimal', 'date', 'url'] as const;

/** Elements that stand apart from what is before and after them: their edges part words. */
export const BREAKS: ReadonlySet<string> = new Set(
  (
    'address article aside blockquote br caption center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 ' +
    'h5 h6 header hgroup hr legend li main menu nav ol optgroup option p pre search section summary table tbody td tfoot th thead tr ul'
  ).split(' '),
);
/** Elements whose content is no text of the document. */
export const UNREAD: ReadonlySet<string> = new Set(['script', 'style', 'template']);

/** Names of months, by their first three letters or in full. */
export const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
);
