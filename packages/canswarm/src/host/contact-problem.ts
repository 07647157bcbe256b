import type { ContactSettings, Contacts, Node } from '@canswarm/node';
import type { SettingValues } from '../home/config/settings.ts';
import type { Problems } from './problems.ts';

/** As the list of what does not work has it. */
class ContactLostError extends Error {
  override readonly name = 'ContactLostError';
  readonly code = 'lost';
}

/** How a node finds out that it is cut off, as its owner set it. */
export const contactSettings = (settings: SettingValues): ContactSettings => ({
  everyMs: settings['contact.every-ms'],
  deadlineMs: settings['contact.deadline-ms'],
  misses: settings['contact.misses'],
  answers: settings['contact.answers'],
  waitMs: settings['contact.wait-ms'],
});

/** Notes what a node says of its contact with the log or its peers. */
export function noteContact(problems: Problems, contacts: Contacts, what: 'log' | 'peers'): void {
  const { lost, why } = contacts[what];
  problems.note(what, lost ? new ContactLostError(why ?? 'it is not there') : null);
}

/** Notes how an append ended. One that was taken is no sign that the log can be read. */
export function noteAppend(problems: Problems, node: Pick<Node, 'contact'>, error: unknown): void {
  if (!node.contact.log.lost) problems.note('log', error);
}
