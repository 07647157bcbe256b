import { bug, type Planted } from './planted.ts';

/** Bugs of what the law does where a life of the log begins, each with the property that must find it. */
export const PLANTED_IN_LIVES: readonly Planted[] = [
  bug('half-begins-a-life', 'P25', 'rules/restart.ts', '3n * signed < 2n * stake', '2n * signed < stake'),
  bug(
    'statement-counted-twice',
    'P25',
    'rules/restart.ts',
    "if (signers.has(from)) return reject('statement_twice', { from });",
    '',
  ),
  bug(
    'statements-of-another-life',
    'P25',
    'rules/restart.ts',
    '    said.body.incarnation === body.incarnation &&\n',
    '',
  ),
  bug(
    'life-of-any-number',
    'P25',
    'rules/restart.ts',
    'body.incarnation !== state.incarnation + 1',
    'body.incarnation < 0',
  ),
  bug(
    'life-in-any-state',
    'P25',
    'rules/restart.ts',
    'if (toHex(body.root) !== stateRoot(state, sha256))',
    'if (body.root === null)',
  ),
  bug(
    'heads-of-the-life-before',
    'P25',
    'apply.ts',
    'head.incarnation !== state.incarnation',
    'head.incarnation > state.incarnation',
  ),
  bug('fence-of-the-life-before', 'P25', 'lives.ts', 'fence: { incarnation: state.incarnation, position },', ''),
  bug(
    'draws-of-the-life-before',
    'P25',
    'lives.ts',
    'requestDraw(context, committeeOf(state, subject));',
    'committeeOf(state, subject);',
  ),
  bug(
    'bids-of-an-ended-life',
    'P25',
    'rules/decide.ts',
    '!isOfEndedLife(state, { head })',
    '!isOfEndedLife(state, { head }) || head.position > 0',
  ),
  bug(
    'window-shut-in-a-new-life',
    'P12',
    'lives.ts',
    'return timers.open(id, challengeMs(state, commitOf(state, name)));',
    'return;',
  ),
];
