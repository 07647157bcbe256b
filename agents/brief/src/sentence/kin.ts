import { stem } from './stem.ts';

/**
 * Words that documents of software use for one another, a group a line: people ask how to `stop` what the document lets them
 * `abort`. Groups are small, and a word may stand in several.
 */
const GROUPS = `
abort cancel stop interrupt terminate kill halt quit
delete remove drop erase clear unset discard
limit maximum cap restrict throttle most bound
timeout expire deadline wait milliseconds
fast quick speed performance benchmark slow
find discover locate search lookup detect
change modify alter edit update mutate
replace override overwrite substitute
show display print output render
make create build generate construct produce instantiate
get obtain retrieve access return fetch receive
set configure specify define option setting customize
start begin launch run execute invoke call
install setup download add
error exception failure fail throw reject crash
catch handle
support compatible require work
differ unlike versus compare alternative distinguish
size length bytes large count
ignore skip exclude omit avoid
include contain bundle
convert transform translate turn
parse read decode deserialize load
encode serialize stringify write dump
copy clone duplicate
merge combine join concat concatenate append
split divide separate chunk
check verify validate assert test
wait pause delay sleep block
order sort sequence rank priority
command cli terminal shell
argument parameter flag option
license copyright
maintain author own govern member
deprecate obsolete legacy
default preset
several multiple many various
same equal identical
prefer recommend suggest advise
empty blank
comment annotation remark
watch monitor observe listen
event emit listener handler callback
integer number numeric
disable prevent off
enable activate allow
help question contact chat discord
report notify contact disclose
vulnerability flaw exploit
bug issue problem defect
contribute contribution pull
version release
upgrade migrate migration
browser web
store save persist keep
hide suppress silence quiet
reason why because purpose goal motivation
see inspect view preview
unique distinct collision
nested deep recursive
forever infinity never endless
simultaneous parallel concurrency concurrent
safe secure unsafe
dry preview without
directory folder path
module package library
name identifier key
log debug trace verbose
fork based derived port
repeat retry again loop
old earlier previous
new latest current
`;

const BY_STEM: ReadonlyMap<string, ReadonlySet<string>> = build();

function build(): ReadonlyMap<string, ReadonlySet<string>> {
  const byStem = new Map<string, Set<string>>();
  for (const line of GROUPS.trim().split('\n')) {
    const group = line.split(' ').map(stem);
    for (const word of group) {
      const kin = byStem.get(word) ?? new Set<string>();
      for (const other of group) if (other !== word) kin.add(other);
      byStem.set(word, kin);
    }
  }
  return byStem;
}

/** The stems of words that may stand for a word, given by its stem. */
export function kinOf(stemmed: string): readonly string[] {
  return [...(BY_STEM.get(stemmed) ?? [])];
}
