/** `relay-admin doctor`: facts are gathered, findings made of them. */
export type { Facts } from './facts.ts';
export type { Finding, Level } from './finding.ts';
export { findingsFrom } from './findings.ts';
export type { Sources } from './gather.ts';
export { confirmed, gatherFacts, realSources } from './gather.ts';
export { HOST_FACTS_LIMIT, parseHostFacts } from './host-facts.ts';
