/**
 * The decision log in one SQLite file:
 *
 *     const log = sqliteLog({ path: join(home, 'log.sqlite') });
 *     log.follow('main', 0, (records) => apply(records));
 *     await log.append('main', [entry]); // durable
 */
export { type SqliteLogOptions, sqliteLog } from './sqlite-log.ts';
