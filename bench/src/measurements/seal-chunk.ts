import { CHUNK_BYTES, randomBytes, sealChunk } from '@relay/protocol';
import { bareAes } from '../floors/crypto.ts';
import { repeatRate } from '../load/clock.ts';
import type { Measurement } from '../measurement.ts';

/** Sealing a file, chunk by chunk: id, key, AES-GCM. */
export const sealChunkBlob: Measurement = {
  name: 'seal-chunk',
  title: 'seal a chunk of a file',
  unit: 'ops/s',
  quantiles: [0.5],
  async prepare(world, { operations }) {
    const { toRecipient } = await world.circle();
    const data = randomBytes(CHUNK_BYTES);
    const transfer = {
      pair: toRecipient,
      direction: toRecipient.outgoing,
      fileKey: randomBytes(32),
      size: operations * CHUNK_BYTES,
    };
    const aes = await bareAes(CHUNK_BYTES);
    return {
      subject: {
        name: 'protocol',
        run: async () => ({ samples: [await repeatRate(operations, (i) => sealChunk(transfer, i, data))] }),
      },
      floors: [
        {
          name: 'bare AES-256-GCM of the same size',
          run: async () => ({ samples: [await repeatRate(operations, aes.seal)] }),
        },
      ],
      close: async () => {},
    };
  },
};
