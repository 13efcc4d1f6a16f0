/** TURN for an operator's tools and for setting up: the file of secrets, and credentials made with it. */
export type { TurnCredentials, TurnServer } from './credentials.ts';
export { mintCredentials, turnUrls } from './credentials.ts';
export type { RotationCause, RotationRecord } from './history-file.ts';
export { HISTORY_LENGTH, readHistory } from './history-file.ts';
export type { TurnSecret, TurnSecrets } from './secrets.ts';
export { formatSecrets, mintingSecret, parseSecrets, withoutDead } from './secrets.ts';
export type { SecretsStatus } from './secrets-file.ts';
export { createSecrets, readSecrets, readStatus, rotateSecrets } from './secrets-file.ts';
