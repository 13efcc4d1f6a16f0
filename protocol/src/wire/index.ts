/**
 * The half of the protocol that both ends of the wire share, and the only half the relay imports: shapes, frames, limits, error
 * codes and the verification of session proofs. Nothing here can decrypt.
 */
export * from './allowlist.ts';
export * from './bytes.ts';
export * from './errors.ts';
export * from './fingerprint.ts';
export * from './frames.ts';
export * from './http.ts';
export * from './limits.ts';
export * from './primitives.ts';
export * from './room.ts';
export * from './session.ts';
export * from './socket.ts';
export * from './token.ts';
export * from './turn.ts';
export * from './voprf.ts';
