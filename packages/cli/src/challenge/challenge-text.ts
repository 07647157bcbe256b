import type { Challenge } from '@canswarm/api';
import { count, creditsOf, indent, oneLine, safe, short } from '../text.ts';

type Instance = Challenge['instances'][number];

const STATES: Readonly<Record<Challenge['state'], string>> = {
  sealed: 'sealed: what it claims is not shown yet',
  heard: 'heard: nothing moves before the last word',
  upheld: 'upheld: its bond came back, the result does not stand',
  dismissed: 'dismissed: its bond is lost, the result stands',
  undecided: 'undecided: nobody could decide; the bond came back, the result stands',
  lapsed: 'lapsed: it was not opened in time, its bond is lost',
  moot: 'moot: another challenge of the result was upheld; the bond came back',
};

/** A challenge for people: what it says, who heard it, and where it stands. */
export function challengeText(one: Challenge): string {
  const { id, subject, needId, name, class: kind, bond, state, reason, appealBond, appealTo } = one;
  const stake = bond === null ? '' : `, ${creditsOf(bond)} at stake`;
  const next =
    appealBond === null
      ? []
      : [`It may be appealed to ${appealTo} for ${creditsOf(appealBond)}: canswarm challenge appeal ${short(id)}`];
  return [
    `challenge ${id}`,
    `${kind} of ${short(subject)} (need ${short(needId)}), by ${safe(name)}${stake}`,
    ...one.instances.flatMap(instanceLines),
    `${STATES[state]}${reason === null ? '' : ` (${oneLine(reason)})`}`,
    ...next,
  ].join('\n');
}

function instanceLines({ instance, by, seats, votes, ruling, failed, appellant }: Instance): readonly string[] {
  const who = by === 'jury' ? `a jury of ${seats}` : count(seats, 'arbiter');
  const asked = appellant === null ? '' : ', on appeal';
  const said =
    ruling !== null ? `it says ${ruling}` : failed !== null ? `it came to nothing: ${oneLine(failed)}` : 'it is heard';
  const told = votes.map(({ name, verdict, reasons }) =>
    [`${safe(name)}: ${verdict}`, ...reasons.map((reason) => oneLine(reason))].join('; '),
  );
  return [`instance ${instance}, ${who}${asked}: ${said}`, ...(told.length === 0 ? [] : [indent(told.join('\n'))])];
}
