import { Config } from '@oclif/core/config';
import { settings } from '@oclif/core/settings';
import { ROOT } from './manifest.ts';

/** Loads every command from its source, past any manifest. */
export async function loadTree(root = ROOT): Promise<Config> {
  settings.enableAutoTranspile = false;
  const options = { root, ignoreManifest: true, errorOnManifestCreate: true, respectNoCacheDefault: true };
  return Config.load(options);
}
