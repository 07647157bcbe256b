/**
 * The lines of a Markdown text with fenced code blocks and code spans blanked out, so that rules about prose and links
 * see prose and links only. Line numbers stay true.
 */
export function proseLines(text: string): string[] {
  let fence: string | undefined;
  return text.split('\n').map((line) => {
    const marker = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== undefined) {
      if (marker?.startsWith(fence) === true) fence = undefined;
      return '';
    }
    if (marker !== undefined) {
      fence = marker;
      return '';
    }
    return line.replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, (span) => ' '.repeat(span.length));
  });
}

/** The anchors that headings give, as GitHub makes them: lower case, punctuation dropped, spaces to hyphens, repeats numbered. */
export function headingAnchors(text: string): Set<string> {
  const anchors = new Set<string>();
  const visible = proseLines(text);
  for (const [index, raw] of text.split('\n').entries()) {
    const heading = visible[index] === '' ? undefined : /^#{1,6}\s+(.*?)\s*#*$/.exec(raw)?.[1];
    if (heading === undefined) continue;
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    let anchor = slug;
    for (let repeat = 1; anchors.has(anchor); repeat += 1) anchor = `${slug}-${repeat}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** Link and image targets with their lines: inline `[text](target)` and definitions `[name]: target`. */
export function linkTargets(text: string): { readonly target: string; readonly line: number }[] {
  const links: { target: string; line: number }[] = [];
  for (const [index, line] of proseLines(text).entries()) {
    const found = [...line.matchAll(/\]\(\s*<?([^()\s<>]+(?:\([^()\s]*\)[^()\s<>]*)?)>?(?:\s+"[^"]*")?\s*\)/g)];
    const defined = /^\s{0,3}\[[^\]]+\]:\s+<?(\S+?)>?(\s|$)/.exec(line);
    for (const match of defined === null ? found : [...found, defined]) {
      if (match[1] !== undefined) links.push({ target: match[1], line: index + 1 });
    }
  }
  return links;
}
