import type { SettingInfo } from '@relay/server/settings';
import type { EnvFile } from './env-file.ts';
import { valuesOf } from './env-file.ts';

/** A setting as it may be shown. */
export interface ShownSetting {
  name: string;
  /** Masked where it is a secret, cannot be used, or is of a name that is not known; undefined where there is none. */
  value: string | undefined;
  from: '.env' | 'default';
}

/** Stands for a value that is not shown, whatever its length. */
export const MASK = '••••••••';

/** What is in force: every setting of the file or by default, then names that nothing reads. */
export function showConfig(file: EnvFile, settings: readonly SettingInfo[]): ShownSetting[] {
  const values = valuesOf(file);
  const known = settings.map(({ name, secret, default: fallback, check }): ShownSetting => {
    const text = values.get(name) || undefined;
    if (text === undefined) return { name, value: fallback || undefined, from: 'default' };
    // A URL may hold a password wherever it stands; and what cannot be used may be something that was put in the wrong line.
    return {
      name,
      value: secret || /:\/\/[^/\s]*@/.test(text) || check(text) !== undefined ? MASK : text,
      from: '.env',
    };
  });
  const others = [...values.keys()].filter((name) => !settings.some((one) => one.name === name));
  return [...known, ...others.map((name) => ({ name, value: MASK, from: '.env' as const }))];
}
