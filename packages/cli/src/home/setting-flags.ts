import type { SettingFlags, SettingKey } from 'canswarm';
import { type Command, Option } from 'commander';
import { CliFailure } from '../failure.ts';
import { loadCanswarm } from '../load.ts';
import type { Canswarm } from './home-options.ts';

/**
 * Gives a command below `parent` a flag for each setting, or for those of `only` where it heeds no others, taken from the library's table
 * when the command is asked for.
 */
export function withSettingFlags(parent: Command, name: string, only?: readonly SettingKey[]): void {
  parent.hook('preSubcommand', async (_parent, command) => {
    if (command.name() !== name) return;
    try {
      const canswarm = await loadCanswarm();
      for (const key of only ?? canswarm.SETTING_KEYS) command.addOption(optionOf(key, canswarm));
    } catch (error) {
      // Help is given without them; the command itself says what lacks.
      if (!(error instanceof CliFailure)) throw error;
    }
  });
}

function optionOf(key: SettingKey, { settingOf, showSetting, flagOf, variableOf }: Canswarm): Option {
  const { summary, fallback, argument } = settingOf(key);
  const described = `${summary} (default: ${showSetting(key, fallback)}, variable: ${variableOf(key)})`;
  return new Option(`${flagOf(key)} ${argument}`, described).helpGroup('Settings:');
}

/** What was written for each setting. */
export function settingFlagsOf(
  options: Readonly<Record<string, unknown>>,
  { SETTING_KEYS, flagOf }: Canswarm,
): SettingFlags {
  const found = SETTING_KEYS.map((key) => [key, options[new Option(flagOf(key)).attributeName()]] as const);
  return Object.fromEntries(found.filter(([, value]) => typeof value === 'string'));
}
