/** `relay-admin config`: the `.env` of an appliance, written, checked and shown. */
export type { ConfigFinding, KnownSettings } from './check.ts';
export { checkConfig } from './check.ts';
export { ENV_LIMIT, parseEnvFile } from './env-file.ts';
export type { InitAnswers } from './init.ts';
export { initialConfig } from './init.ts';
export type { ShownSetting } from './show.ts';
export { showConfig } from './show.ts';
