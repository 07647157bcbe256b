import type { Home, SettingKey } from 'canswarm';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../failure.ts';
import { type Canswarm, HOME_OPTION, type HomeFlags, openHomeFor } from '../home/home-options.ts';
import { settingFlagsOf, withSettingFlags } from '../home/setting-flags.ts';
import { type Io, painter } from '../io.ts';
import { loadCanswarm } from '../load.ts';
import { report } from '../report.ts';
import { safe, table } from '../text.ts';
import { examples, JSON_OPTION, type Register } from './command.ts';

export const configCommand: Register = (program, io, done) => {
  const config = program
    .command('config')
    .summary('show and change settings')
    .description(
      'Settings of this user. A flag wins over a variable (CANSWARM_...), that over canswarm.config.json, that over the default.',
    )
    .addHelpText('after', examples('config show', 'config set listen.port 4001', 'config path'));
  registerShow(config, io, done);
  registerChanges(config, io, done);
};

type Done = Parameters<Register>[2];

function registerShow(config: Command, io: Io, done: Done): void {
  config
    .command('show')
    .summary('each setting, its value and where that came from')
    .description(
      'Shows each setting, its value and where that came from. With flags of settings: as a command would see it.',
    )
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .addHelpText('after', examples('config show', 'config show --listen-port 4001', 'config show --json'))
    .action(async (options: HomeFlags) => done(await showConfig(io, options)));
  withSettingFlags(config, 'show');
  config
    .command('path')
    .summary('where the file is')
    .description('Prints the path of canswarm.config.json, whether or not it is there yet.')
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .addHelpText('after', examples('config path', 'config path --home /srv/canswarm'))
    .action(async (options: HomeFlags) => done(await showPath(io, options)));
}

function registerChanges(config: Command, io: Io, done: Done): void {
  config
    .command('set')
    .summary('set a value in the file')
    .description('Sets a value in canswarm.config.json. A running node reads it at its next start.')
    .argument('<key>', 'the setting, such as listen.port')
    .argument('<value>', 'its value')
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .addHelpText('after', examples('config set listen.port 4001', 'config set log.level debug --json'))
    .action(async (key: string, value: string, options: HomeFlags) => done(await change(io, key, value, options)));
  config
    .command('unset')
    .summary('take a value out of the file')
    .description('Takes a value out of canswarm.config.json, so that the default holds again.')
    .argument('<key>', 'the setting, such as listen.port')
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .addHelpText('after', examples('config unset listen.port', 'config unset log.level --json'))
    .action(async (key: string, options: HomeFlags) => done(await change(io, key, null, options)));
}

async function showConfig(io: Io, options: HomeFlags): Promise<ExitCode> {
  const canswarm = await loadCanswarm();
  const home = openHomeFor(io, canswarm, options, settingFlagsOf({ ...options }, canswarm));
  const { SETTING_KEYS, settingOf, showSetting } = canswarm;
  const { values, origins, path, warnings } = home.config;
  for (const warning of warnings) io.err.write(`${painter(io, io.err)('yellow', 'warning')}: ${safe(warning)}\n`);
  const settings = SETTING_KEYS.map((key) => {
    const { summary, unit, fallback } = settingOf(key);
    return {
      key,
      value: values[key],
      from: origins[key],
      source: sourceOf(key, home, canswarm),
      unit,
      default: fallback,
      summary,
    };
  });
  report(io, options.json === true, { path, settings, warnings }, () => {
    const rows = settings.map(({ key, value, source }) => [key, safe(showSetting(key, value)), safe(source)]);
    return table([['setting', 'value', 'from'], ...rows]);
  });
  return EXIT.ok;
}

/** Where a value came from, by the name that it has there. */
function sourceOf(key: SettingKey, { config }: Home, { flagOf, variableOf }: Canswarm): string {
  const names = { flag: flagOf(key), variable: variableOf(key), file: config.path, default: 'default' };
  return names[config.origins[key]];
}

async function showPath(io: Io, options: HomeFlags): Promise<ExitCode> {
  const { configFile } = openHomeFor(io, await loadCanswarm(), options);
  report(io, options.json === true, { path: configFile }, () => safe(configFile));
  return EXIT.ok;
}

async function change(io: Io, key: string, text: string | null, options: HomeFlags): Promise<ExitCode> {
  const canswarm = await loadCanswarm();
  const home = openHomeFor(io, canswarm, options);
  const value = await home.set(key, text);
  const { isSettingKey, settingOf, showSetting, variableOf } = canswarm;
  // Any other key was refused above.
  if (!isSettingKey(key)) return EXIT.usage;
  if ((io.env[variableOf(key)] ?? '') !== '')
    io.err.write(`${painter(io, io.err)('yellow', 'note')}: ${variableOf(key)} is set, and wins over the file\n`);
  const now = value ?? settingOf(key).fallback;
  report(
    io,
    options.json === true,
    { key, value: now, path: home.configFile },
    () => `${key} is ${safe(showSetting(key, now))}${text === null ? ', the default' : ''}: ${safe(home.configFile)}`,
  );
  return EXIT.ok;
}
