/** The parts of the demonstration that end-to-end tests and screenshots are made with. */
export { identityFile, seedCircle } from './circle.ts';
export { pageUrl, startClient } from './client.ts';
export { findTurnserver, secretsDatabase, startCoturn } from './coturn.ts';
export { HeadlessMember } from './headless.ts';
export { ownPort } from './postgres/port.ts';
export type { Child } from './processes.ts';
export { Processes } from './processes.ts';
export { allocate } from './stun.ts';
export type { SharedSecret } from './turn.ts';
export { shareSecret } from './turn.ts';
export { silenceExperimentalWarnings } from './warnings.ts';
