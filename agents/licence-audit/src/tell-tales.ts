/**
 * By which words a licence's text is known. Words are runs of A-Z, a-z, 0-9 in bytes of a file, whatever their case and whatever stands
 * between them, so line breaks, comment marks and quotation marks do not matter.
 */
export interface TellTale {
  /** SPDX id, for the GNU family without "-only" or "-or-later": a text does not say which. */
  readonly licence: string;
  /** The words that are cited. No two places of them overlap. */
  readonly words: string;
  /** What must follow within `REACH` words from the first, before `words` come again. */
  readonly needs?: readonly string[];
  /** What must not. */
  readonly lacks?: readonly string[];
}

/** Words that a text is looked at from its first on. */
export const REACH = 400;

const MIT =
  'permission is hereby granted free of charge to any person obtaining a copy of this software and associated documentation files';
const ISC = 'this software for any purpose with or without fee is hereby granted';
const PROVIDED = 'provided that the above copyright notice and this permission notice appear in all copies';
const BSD =
  'redistribution and use in source and binary forms with or without modification are permitted provided that';
const BINARY = 'binary form must reproduce the above copyright notice';
const ENDORSE = 'endorse or promote products derived from this software';
const ADVERTISING = 'advertising materials mentioning features';

export const TELL_TALES: readonly TellTale[] = [
  {
    licence: 'MIT',
    words: MIT,
    needs: ['shall be included in all copies or substantial portions of the software'],
    lacks: ['except as contained in this notice', 'shall be used for good not evil'],
  },
  { licence: 'JSON', words: MIT, needs: ['shall be used for good not evil'] },
  {
    licence: 'MIT-0',
    words: MIT,
    needs: ['to permit persons to whom the software is furnished to do so the software is provided as is'],
  },
  { licence: 'ISC', words: `permission to use copy modify and or distribute ${ISC} ${PROVIDED}` },
  { licence: 'ISC', words: `permission to use copy modify and distribute ${ISC} ${PROVIDED}` },
  {
    licence: '0BSD',
    words: `permission to use copy modify and or distribute ${ISC} the software is provided as is`,
  },
  { licence: 'BSD-2-Clause', words: BSD, needs: [BINARY], lacks: ['endorse or promote', ADVERTISING] },
  { licence: 'BSD-3-Clause', words: BSD, needs: [BINARY, ENDORSE], lacks: [ADVERTISING] },
  { licence: 'BSD-4-Clause', words: BSD, needs: [BINARY, ENDORSE, ADVERTISING] },
  {
    licence: 'Apache-2.0',
    words: 'apache license version 2 0 january 2004',
    needs: ['terms and conditions for use reproduction and distribution'],
  },
  {
    licence: 'Apache-2.0',
    words:
      'licensed under the apache license version 2 0 the license you may not use this file except in compliance with the license',
  },
  { licence: 'MPL-2.0', words: 'mozilla public license version 2 0', needs: ['1 definitions 1 1 contributor'] },
  {
    licence: 'MPL-2.0',
    words: 'this source code form is subject to the terms of the mozilla public license v 2 0',
  },
  { licence: 'CC0-1.0', words: 'cc0 1 0 universal', needs: ['statement of purpose'] },
  { licence: 'Unlicense', words: 'this is free and unencumbered software released into the public domain' },
  { licence: 'BlueOak-1.0.0', words: 'blue oak model license', needs: ['version 1 0 0', 'purpose'] },
  { licence: 'GPL-1.0', words: 'gnu general public license version 1 february 1989' },
  { licence: 'GPL-2.0', words: 'gnu general public license version 2 june 1991' },
  { licence: 'GPL-3.0', words: 'gnu general public license version 3 29 june 2007' },
  { licence: 'LGPL-2.0', words: 'gnu library general public license version 2 june 1991' },
  { licence: 'LGPL-2.1', words: 'gnu lesser general public license version 2 1 february 1999' },
  { licence: 'LGPL-3.0', words: 'gnu lesser general public license version 3 29 june 2007' },
  { licence: 'AGPL-3.0', words: 'gnu affero general public license version 3 19 november 2007' },
  {
    licence: 'Python-2.0',
    words: 'python software foundation license version 2',
    needs: ['this license agreement is between the python software foundation'],
  },
  { licence: 'CC-BY-3.0', words: 'creative commons attribution 3 0 unported' },
  { licence: 'CC-BY-4.0', words: 'creative commons attribution 4 0 international public license' },
  { licence: 'CC-BY-SA-4.0', words: 'creative commons attribution sharealike 4 0 international public license' },
  {
    licence: 'Zlib',
    words:
      'this software is provided as is without any express or implied warranty in no event will the authors be held liable for any damages arising from the use',
    needs: ['altered source versions must be plainly marked as such'],
  },
  { licence: 'BSL-1.0', words: 'boost software license version 1 0 august 17th 2003' },
  {
    licence: 'WTFPL',
    words: 'do what the fuck you want to public license',
    needs: ['you just do what the fuck you want to'],
  },
  { licence: 'Artistic-2.0', words: 'the artistic license 2 0', needs: ['preamble'] },
  { licence: 'EPL-1.0', words: 'eclipse public license v 1 0', needs: ['1 definitions'] },
  { licence: 'EPL-2.0', words: 'eclipse public license v 2 0', needs: ['1 definitions'] },
  { licence: 'OFL-1.1', words: 'sil open font license version 1 1', needs: ['preamble'] },
  { licence: 'Unicode-3.0', words: 'unicode license v3' },
];
