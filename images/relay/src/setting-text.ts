import { readFileSync } from 'node:fs';

/** The text of a setting, and where it stood. */
export interface SettingText {
  /** Undefined when it is not set. */
  text?: string;
  /** The variable to name when the text is no good. */
  from: string;
  /** Why there is no text although one was meant, in words for a person and without any value. */
  fault?: string;
}

/**
 * Reads a setting from the environment, or from a file that the environment names: a secret in a file stands in no list of processes
 * and in no description of a container.
 * @param env the environment; a variable that is empty counts as not set
 * @param name the variable
 * @param mayBeFile whether `<name>_FILE` may name a file that holds it; white space around its content is left out
 */
export function readSetting(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  mayBeFile = false,
): SettingText {
  const text = env[name]?.trim() || undefined;
  const fileName = `${name}_FILE`;
  const path = mayBeFile ? env[fileName]?.trim() : undefined;
  if (!path) return { ...(text !== undefined && { text }), from: name };
  if (text !== undefined) {
    return { from: fileName, fault: `${fileName}: ${name} is set too; set one of them` };
  }
  try {
    const content = readFileSync(path, 'utf8').trim();
    return content
      ? { text: content, from: fileName }
      : { from: fileName, fault: `${fileName}: the file is empty` };
  } catch (error) {
    // Not the path: whoever mistakes the variable has put the secret there.
    const code = error instanceof Error && 'code' in error ? error.code : 'unknown';
    return { from: fileName, fault: `${fileName}: the file cannot be read (${code})` };
  }
}
