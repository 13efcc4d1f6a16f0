/** A real coturn on loopback, for tests of parts that know nothing of the client. */
export { findTurnserver, startCoturn } from './coturn.ts';
export { ownPort } from './postgres/port.ts';
export { Processes } from './processes.ts';
export { allocate } from './stun.ts';
