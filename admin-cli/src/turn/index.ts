/** A TURN client for tests of TURN servers: `relay-admin turn test` and the tests of the appliance. */
export type { TransportAddress } from './addresses.ts';
export { addressText } from './addresses.ts';
export type { IpFamily } from './attributes.ts';
export type { Allocation, PeerData, TurnClientOptions } from './client.ts';
export { TurnClient } from './client.ts';
export type { TurnCredential } from './credential.ts';
export { restCredential } from './credential.ts';
export type { TurnFault } from './errors.ts';
export { TurnError } from './errors.ts';
export { CHANNELS } from './framing.ts';
export type { TurnServer, TurnTransport } from './transports.ts';
