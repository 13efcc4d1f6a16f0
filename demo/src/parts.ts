/** The parts of the demonstration that end-to-end tests and screenshots are made with. */
export { identityFile, seedCircle } from './circle.ts';
export { pageUrl, startClient } from './client.ts';
export { HeadlessMember } from './headless.ts';
export { freePort } from './postgres/port.ts';
export { Processes } from './processes.ts';
export { silenceExperimentalWarnings } from './warnings.ts';
