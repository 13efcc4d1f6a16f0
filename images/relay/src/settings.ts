/** Every setting that `.env` may hold, for `relay-admin config` and for the pages that are made from it. */
import type { z } from 'zod';
import { applianceSettings } from './appliance-settings.ts';
import { settings } from './config.ts';
import type { Setting } from './setting-schema.ts';

/** Who reads a setting. */
export type SettingPart = 'relay' | 'TURN server' | 'appliance';

/** What is to be known of a setting. */
export interface SettingInfo {
  name: string;
  doc: string;
  part: SettingPart;
  /** Used when it is not set. */
  default: string | undefined;
  example: string | undefined;
  /** Never to be shown. */
  secret: boolean;
  /** Whether nothing runs without it. */
  required: boolean;
  /** Whether it is not for the `.env` of an appliance: its compose files set it themselves, or it is for tests. */
  fixed: boolean;
  /**
   * What is wrong with a value, in words without it.
   * @returns undefined for one that is taken
   */
  check(text: string): string | undefined;
}

/** A setting that has another name now. */
export interface RenamedSetting {
  from: string;
  to: string;
}

/**
 * Which set of settings this is; `make up`, `relay-admin config init` and `.env.example` note it in the file. Goes up when a
 * setting is added to {@link ADDED}.
 */
export const SETTINGS_VERSION = 1;
/** Settings that came later, with the version that brought them. */
export const ADDED: Readonly<Record<string, number>> = {};
/** Settings that had another name in an earlier version. */
export const RENAMED: readonly RenamedSetting[] = [];

/** The line by which a `.env` says which set of settings it was written for. */
export function versionMark(version: number): string {
  return `# relay-settings ${version}`;
}

const FIXED = new Set([
  'PORT',
  'HOST',
  'DATABASE_URL',
  'WORKER_HEALTH_FILE',
  'TURN_SECRETS_FILE',
  'TURN_ALLOW_LOOPBACK',
]);

/** All of them, those of the relay first, in the order in which people read of them. */
export function allSettings(): SettingInfo[] {
  return [
    ...Object.values<AnySetting>(settings).map((one) => infoOf(one, 'relay')),
    ...applianceSettings.map((one) => infoOf(one, one.part)),
  ];
}

type AnySetting = Setting<z.ZodType<unknown, string | undefined>>;

function infoOf(
  { env, doc, schema, default: fallback, example, secret = false }: AnySetting,
  part: SettingPart,
): SettingInfo {
  return {
    name: env,
    doc,
    part,
    default: fallback,
    example,
    secret,
    required: fallback === undefined && !schema.safeParse(undefined).success,
    fixed: FIXED.has(env),
    check(text) {
      const parsed = schema.safeParse(text);
      return parsed.success ? undefined : parsed.error.issues.map(({ message }) => message).join('; ');
    },
  };
}

const MADE =
  'Made from images/relay/src/config.ts and appliance-settings.ts by: npm run settings -w @relay/server';
const TITLES: readonly (readonly [SettingPart, string])[] = [
  ['relay', 'The relay and its worker'],
  ['TURN server', 'The TURN server'],
  ['appliance', 'The appliance'],
];

/** The text of `.env.example`: every setting with what it does; those with a default are commented out. */
export function formatEnvExample(): string {
  const all = allSettings();
  const parts = TITLES.map(([part, title]) => {
    const blocks = all
      .filter((one) => one.part === part)
      .map(({ name, doc, required, default: fallback, example }) => {
        const lines = doc.split('\n').map((line) => `# ${line}`);
        return [...lines, `${required ? '' : '# '}${name}=${(fallback || example) ?? ''}`].join('\n');
      });
    return `# ${title}\n\n${blocks.join('\n\n')}\n`;
  });
  const head = `# Settings. Copy this file to .env and change what you need; docs/settings.md explains the columns.\n# ${MADE}`;
  return `${versionMark(SETTINGS_VERSION)}\n${head}\n\n${parts.join('\n')}`;
}

/** The text of docs/settings.md. */
export function formatSettingsPage(): string {
  const all = allSettings();
  const parts = TITLES.map(([part, title]) => {
    const rows = all
      .filter((one) => one.part === part)
      .map(
        (one) =>
          `| \`${one.name}\` | ${defaultOf(one)} | ${cell(one.doc)}${one.fixed ? ' In an appliance, `.env` has no say in it.' : ''} |`,
      );
    return `## ${title}\n| Setting | When not set | What it does |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return `# Settings
<!-- ${MADE} -->

Everything that \`.env\` may hold, beside \`docker-compose.yml\`; after a change, \`make up\`. No secret belongs there: the appliance makes its own.
\`relay-admin config check\` tells of names and values that are wrong, \`config show\` what is in force, and \`config init\` writes a file to begin with.

${parts.join('\n')}`;
}

function defaultOf({ default: fallback, example, required }: SettingInfo): string {
  if (fallback) return `\`${cell(fallback)}\``;
  if (required) return 'must be set';
  return example === undefined ? '' : `nothing; such as \`${cell(example)}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
