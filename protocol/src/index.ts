/** The member's half of the protocol: identities, sealing, opening. The relay never imports it; see `wire/`. */
export * from './blob-id.ts';
export * from './cbor.ts';
export * from './chunk.ts';
export * from './circle.ts';
export * from './conversation.ts';
export * from './identity.ts';
export * from './keys.ts';
export * from './message.ts';
export * from './pair.ts';
export * from './proof.ts';
export * from './record.ts';
export * from './record-kinds.ts';
export * from './roster.ts';
export * from './roster-update.ts';
export * from './sealing.ts';
export { openLocal, sealLocal } from './symmetric.ts';
export * from './wire/index.ts';
