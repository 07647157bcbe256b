import type { KernelEvent, State, SubjectId } from '@canswarm/kernel';
import type { CommitId, NeedId } from '@canswarm/protocol';

/** The need an event is about, or null; needs that are settled already are named by their events. */
export function needTouched(state: State, event: KernelEvent): NeedId | null {
  if ('need' in event) return event.need;
  if ('commit' in event) return needOfCommit(state, event.commit);
  if ('subject' in event) return needOfSubject(state, event.subject);
  return null;
}

function needOfSubject(state: State, subject: string): NeedId | null {
  const [kind, id] = subject.split('/');
  if (kind === 'plan') return id as NeedId;
  if (state.needs.has(subject as NeedId)) return subject as NeedId;
  if (kind === 'jury') return state.committees.get(subject as SubjectId)?.need ?? null;
  return needOfCommit(state, (kind === 'result' ? id : subject) as CommitId);
}

const needOfCommit = (state: State, commit: CommitId): NeedId | null => state.commits.get(commit)?.need ?? null;
