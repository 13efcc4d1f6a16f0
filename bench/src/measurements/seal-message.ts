import { BLOB_KIND, sealMessage } from '@relay/protocol';
import { bareAes, bareHpke } from '../floors/crypto.ts';
import { repeatRate } from '../load/clock.ts';
import { textBody } from '../load/message.ts';
import type { Measurement } from '../measurement.ts';

/** Sealing a message blob: body, signature, HPKE, mask, id. */
export const sealMessageBlob: Measurement = {
  name: 'seal-message',
  title: 'seal a message blob',
  unit: 'ops/s',
  quantiles: [0.5],
  async prepare(world, { operations }) {
    const circle = await world.circle();
    const body = textBody(circle.sender, 'a short text, as most messages are');
    const hpke = await bareHpke(circle);
    const aes = await bareAes();
    const trial = async (work: () => Promise<unknown>) => ({ samples: [await repeatRate(operations, work)] });
    return {
      subject: {
        name: 'protocol',
        run: () => trial(() => sealMessage(circle.toRecipient, BLOB_KIND.message, body)),
      },
      floors: [
        { name: 'bare HPKE of the same size', run: () => trial(hpke.seal) },
        { name: 'bare AES-256-GCM of the same size', run: () => trial(aes.seal) },
      ],
      close: async () => {},
    };
  },
};
