/**
 * What outlives a command: settings, keys and the folders of networks, in one folder of this user.
 *
 *     const home = openHome();
 *     const key = await home.keys.open('acme-worker-1');
 *     const signer = softwareSigner(key.secret.reveal());
 *     const log = createLogger({ level: home.config.values['log.level'], format: 'json', sink: streamSink(process.stderr) });
 */
export type { Config, Origin, SettingFlags } from './config/config.ts';
export {
  flagOf,
  isSettingKey,
  SETTING_KEYS,
  SETTINGS,
  type SettingKey,
  type SettingValues,
  settingOf,
  settingsMarkdown,
  showSetting,
  variableOf,
} from './config/settings.ts';
export { dataFolder, type Environment } from './folder.ts';
export { type Home, type HomeOptions, openHome } from './home.ts';
export { HomeError, type HomeErrorCode } from './home-error.ts';
export type { BrokenKey } from './keys/key-folder.ts';
export {
  type ChooseProtection,
  type KeyInfo,
  KeyStore,
  type NewKey,
  type OpenKey,
  type PassphraseOf,
  type Protection,
} from './keys/key-store.ts';
export {
  type Ask,
  assertStrong,
  givenPassphrase,
  newPassphrase,
  passphraseFile,
  passphraseFor,
} from './keys/passphrase.ts';
export { KEY_KINDS, type KeyFacts, type KeyKind } from './keys/sealed-key.ts';
export { type FileSinkOptions, fileSink } from './log/file-sink.ts';
export type { LogFields, LogFormat, LogLevel } from './log/log-line.ts';
export { createLogger, type Logger, type LoggerOptions, type LogSink, streamSink } from './log/logger.ts';
export type { Holder } from './noted-lock.ts';
export { Secret } from './secret.ts';
