/** Randomness that is the same in every run. Only the making of vectors uses it. */
import { createCipheriv, createHash } from 'node:crypto';

/** A stream of bytes that depends on `seed` alone. */
export function seededStream(seed: string): (n: number) => Uint8Array<ArrayBuffer> {
  const key = createHash('sha256').update(seed).digest();
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  return (n) => new Uint8Array(cipher.update(Buffer.alloc(n)));
}

/**
 * Runs `make` with the platform's CSPRNG replaced by a seeded stream and without the platform's ML-KEM, whose randomness
 * cannot be seeded: HPKE then takes its portable implementation, which draws from the CSPRNG.
 * Call it before anything else in the process has chosen an implementation.
 */
export async function withSeededRandomness<T>(seed: string, make: () => Promise<T>): Promise<T> {
  const stream = seededStream(seed);
  const importKey = crypto.subtle.importKey.bind(crypto.subtle);
  const withoutKem = (...args: Parameters<typeof importKey>) =>
    JSON.stringify(args[2]).includes('ML-KEM')
      ? Promise.reject(new Error('the platform’s ML-KEM is set aside'))
      : importKey(...args);
  Object.defineProperty(crypto.subtle, 'importKey', { value: withoutKem, configurable: true });
  Object.defineProperty(crypto, 'getRandomValues', {
    value: (array: Uint8Array) => {
      array.set(stream(array.length));
      return array;
    },
    configurable: true,
  });
  try {
    return await make();
  } finally {
    Reflect.deleteProperty(crypto, 'getRandomValues');
    Reflect.deleteProperty(crypto.subtle, 'importKey');
  }
}
