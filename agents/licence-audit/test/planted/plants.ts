import type { Bundle } from '@canswarm/agent';
import { type Draw, filesIn, pick } from '@canswarm/agent-testing';
import type { JsonValue } from '@canswarm/ports';
import { utf8 } from '@canswarm/protocol';
import { REPORT, VERDICTS } from '../../src/rules.ts';
import { reportOf } from '../../src/work/report.ts';
import type { Audit, AuditedPackage } from '../../src/work/result.ts';

type Citations = Bundle['citations'];

/** An audit that may be changed, with its citations and its report. */
interface Draft {
  audit: Audit;
  citations: Citations;
  /** The report when it is to be another than the audit gives. */
  report?: string;
}

/** A way to be wrong. Gives false where the draft offers no place for it. */
type Plant = (draft: Draft, draw: Draw) => boolean;

const OTHERS = ['MIT', 'ISC', 'Apache-2.0', 'BSD-3-Clause', 'GPL-3.0', 'MPL-2.0', 'CC0-1.0'];
const other = (draw: Draw, than: string | null): string =>
  pick(
    draw,
    OTHERS.filter((one) => one !== than),
  ) ?? 'MIT';

/** Changes a package that fits, chosen at random. */
function change(
  draft: Draft,
  draw: Draw,
  fits: (one: AuditedPackage) => boolean,
  to: (one: AuditedPackage) => Partial<AuditedPackage>,
): boolean {
  const one = pick(draw, draft.audit.packages.filter(fits));
  if (one === undefined) return false;
  const packages = draft.audit.packages.map((same) => (same === one ? { ...one, ...to(one) } : same));
  draft.audit = { ...draft.audit, packages };
  return true;
}

const any = (): boolean => true;

const cited: Plant = (draft, draw) => {
  const at = draw(Math.max(1, draft.citations.length));
  const held = draft.citations[at];
  if (held === undefined) return false;
  const { byteStart, byteEnd } = held.citation;
  const narrower = draw(2) === 0 ? { byteStart: byteStart + 1 } : { byteEnd: byteEnd - 1 };
  draft.citations = draft.citations.with(at, { ...held, citation: { ...held.citation, ...narrower } });
  return true;
};

/** Ways to be wrong by name; all but the last three write summary and report to fit the lie. */
export const PLANTS: Readonly<Record<string, Plant>> = {
  'package left out': (draft, draw) => {
    const gone = draw(Math.max(1, draft.audit.packages.length));
    const packages = draft.audit.packages.filter((_, index) => index !== gone);
    const [lost] = draft.audit.packages.slice(gone);
    draft.citations = draft.citations.filter(({ key }) => lost?.citations.includes(key) !== true);
    draft.audit = { ...draft.audit, packages };
    return lost !== undefined;
  },
  'package twice': (draft, draw) => {
    const one = pick(draw, draft.audit.packages);
    if (one === undefined) return false;
    const packages = draft.audit.packages.flatMap((same) => (same === one ? [same, same] : [same]));
    draft.audit = { ...draft.audit, packages };
    return true;
  },
  'package invented': (draft, draw) => {
    const one = pick(draw, draft.audit.packages);
    if (one === undefined) return false;
    const packages = draft.audit.packages.flatMap((same) =>
      same === one ? [same, { ...same, path: `${same.path}-2`, citations: [], found: [] }] : [same],
    );
    draft.audit = { ...draft.audit, packages };
    return true;
  },
  'another version': (draft, draw) => change(draft, draw, any, ({ version }) => ({ version: `${version ?? '1'}.0` })),
  'another name': (draft, draw) => change(draft, draw, any, ({ name }) => ({ name: `${name}-js` })),
  'another licence said': (draft, draw) =>
    change(
      draft,
      draw,
      ({ said }) => said !== null,
      ({ said }) => {
        const lie = other(draw, said);
        return { said: lie, declared: lie };
      },
    ),
  'licence declared where none is said': (draft, draw) =>
    change(
      draft,
      draw,
      ({ declared }) => declared === null,
      () => ({ declared: other(draw, null) }),
    ),
  'licence kept quiet': (draft, draw) =>
    change(
      draft,
      draw,
      ({ declared }) => declared !== null,
      () => ({ declared: null }),
    ),
  'another verdict': (draft, draw) =>
    change(draft, draw, any, ({ verdict }) => ({
      verdict:
        pick(
          draw,
          VERDICTS.filter((one) => one !== verdict),
        ) ?? 'unknown',
    })),
  'text left out': (draft, draw) => {
    let lost = '';
    const done = change(
      draft,
      draw,
      ({ found }) => found.length > 0,
      ({ found, citations }) => {
        const gone = draw(found.length);
        lost = found[gone]?.citation ?? '';
        return {
          found: found.filter((_, index) => index !== gone),
          citations: citations.filter((key) => key !== lost),
        };
      },
    );
    draft.citations = draft.citations.filter(({ key }) => key !== lost);
    return done;
  },
  'text of another licence': (draft, draw) =>
    change(
      draft,
      draw,
      ({ found }) => found.length > 0,
      ({ found }) => {
        const at = draw(found.length);
        return {
          found: found.map((text, index) => (index === at ? { ...text, licence: other(draw, text.licence) } : text)),
        };
      },
    ),
  'text in another file': (draft, draw) =>
    change(
      draft,
      draw,
      ({ found }) => found.length > 0,
      ({ found }) => ({ found: found.map((text) => ({ ...text, file: `${text.file}.md` })) }),
    ),
  'remark left out': (draft, draw) =>
    change(
      draft,
      draw,
      ({ notes }) => notes.length > 0,
      ({ notes }) => ({ notes: notes.slice(1) }),
    ),
  'remark invented': (draft, draw) =>
    change(
      draft,
      draw,
      ({ notes }) => !notes.includes('texts_left_out'),
      ({ notes }) => ({ notes: [...notes, 'texts_left_out'] }),
    ),
  'citation of other bytes': cited,
  'citations exchanged': (draft, draw) => {
    const one = pick(
      draw,
      draft.audit.packages.filter(({ citations }) => citations.length > 0),
    );
    const two = pick(
      draw,
      draft.audit.packages.filter((each) => each !== one && each.citations.length > 0),
    );
    if (one === undefined || two === undefined) return false;
    const swap = new Map([
      [one.citations[0], two.citations[0]],
      [two.citations[0], one.citations[0]],
    ]);
    const packages = draft.audit.packages.map((each) => ({
      ...each,
      citations: each.citations.map((key) => swap.get(key) ?? key),
    }));
    draft.audit = { ...draft.audit, packages };
    return true;
  },
  'unusable entry left out': (draft) => {
    const { unusable } = draft.audit;
    draft.audit = { ...draft.audit, unusable: unusable.slice(1) };
    return unusable.length > 0;
  },
  'summary miscounted': (draft, draw) => {
    const { summary } = draft.audit;
    const count = pick(draw, Object.keys(summary) as (keyof typeof summary)[]) ?? 'packages';
    draft.audit = { ...draft.audit, summary: { ...summary, [count]: summary[count] + 1 } };
    draft.report = reportOf(draft.audit);
    return true;
  },
  'report altered': (draft, draw) => {
    const report = reportOf(draft.audit);
    const at = draw(report.length);
    const letter = report[at] === 'x' ? 'y' : 'x';
    draft.report = `${report.slice(0, at)}${letter}${report.slice(at + 1)}`;
    return true;
  },
  'report without a row': (draft, draw) => {
    const lines = reportOf(draft.audit).split('\n');
    const rows = lines.flatMap((line, index) => (line.startsWith('| `') ? [index] : []));
    const gone = pick(draw, rows);
    draft.report = lines.filter((_, index) => index !== gone).join('\n');
    return gone !== undefined;
  },
};

/** An honest output made wrong in one way; undefined where it offers no place for that. */
export function plant(honest: Bundle, kind: Plant, draw: Draw): Bundle | undefined {
  const draft: Draft = { audit: honest.value as unknown as Audit, citations: honest.citations };
  if (!kind(draft, draw)) return undefined;
  const { packages, unusable, summary } = draft.audit;
  const counts = Object.fromEntries(
    VERDICTS.map((verdict) => [verdict, packages.filter((one) => one.verdict === verdict).length]),
  );
  const audit =
    draft.report === undefined
      ? ({ packages, unusable, summary: { ...summary, packages: packages.length, ...counts } } as Audit)
      : draft.audit;
  return {
    value: audit as unknown as JsonValue,
    citations: draft.citations,
    files: filesIn(new Map([[REPORT, utf8(draft.report ?? reportOf(audit))]])),
  };
}
