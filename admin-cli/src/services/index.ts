/** What relay-admin does, for programs: the demonstration and the tests. */
export * from './allowed-key.ts';
export * from './generate-identities.ts';
export * from './inspect-identity.ts';
export * from './member-store.ts';
export * from './publish-roster.ts';
export * from './replace-identity.ts';
export * from './seed-allowlist.ts';
export * from './verify-identity.ts';
