// The protocol names WebCrypto's types by their global names, which browsers' libraries declare and Node's keep
// inside a namespace. With these aliases it typechecks against Node alone, without the DOM.
import type { webcrypto } from 'node:crypto';

declare global {
  type AlgorithmIdentifier = webcrypto.AlgorithmIdentifier;
  type BufferSource = webcrypto.BufferSource;
  type CryptoKey = webcrypto.CryptoKey;
  type CryptoKeyPair = webcrypto.CryptoKeyPair;
  type JsonWebKey = webcrypto.JsonWebKey;
  type KeyUsage = webcrypto.KeyUsage;
  type SubtleCrypto = webcrypto.SubtleCrypto;
}
