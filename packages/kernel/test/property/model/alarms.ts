import type { AlarmRow, Model } from './tables.ts';

/** A period that starts at the next TICK; one of the same name ends. */
export function openAlarm(model: Model, name: string, length: number): void {
  dropAlarm(model, name);
  model.alarms.push({ name, length, at: null });
}

/** A period that runs at once. */
export function startAlarm(model: Model, name: string, length: number): void {
  dropAlarm(model, name);
  model.alarms.push({ name, length, at: model.time + length });
}

export function dropAlarm(model: Model, name: string): void {
  model.alarms = model.alarms.filter((alarm) => alarm.name !== name);
}

export const alarmOf = (model: Model, name: string): AlarmRow | undefined =>
  model.alarms.find((alarm) => alarm.name === name);

/** Takes the alarm that is due, the earliest first, then by name; undefined when none is. */
export function takeDue(model: Model): AlarmRow | undefined {
  const due = model.alarms.filter(({ at }) => at !== null && at <= model.time);
  due.sort((a, b) => (a.at ?? 0) - (b.at ?? 0) || (a.name < b.name ? -1 : 1));
  const [first] = due;
  if (first !== undefined) dropAlarm(model, first.name);
  return first;
}
