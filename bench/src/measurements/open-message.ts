import { BLOB_KIND, openMessage, sealMessage } from '@relay/protocol';
import { bareAes, bareHpke } from '../floors/crypto.ts';
import { repeatRate } from '../load/clock.ts';
import { textBody } from '../load/message.ts';
import type { Measurement } from '../measurement.ts';

/** Opening a message blob whose sender is known: mask, HPKE, padding, signature, body. */
export const openMessageBlob: Measurement = {
  name: 'open-message',
  title: 'open a message blob',
  unit: 'ops/s',
  quantiles: [0.5],
  async prepare(world, { operations }) {
    const circle = await world.circle();
    const body = textBody(circle.sender, 'a short text, as most messages are');
    const { id, blob } = await sealMessage(circle.toRecipient, BLOB_KIND.message, body);
    const hpke = await bareHpke(circle);
    const byHpke = await hpke.seal();
    const aes = await bareAes();
    const byAes = await aes.seal();
    const trial = async (work: () => Promise<unknown>) => ({ samples: [await repeatRate(operations, work)] });
    return {
      subject: { name: 'protocol', run: () => trial(() => openMessage(circle.fromSender, id, blob)) },
      floors: [
        { name: 'bare HPKE of the same size', run: () => trial(() => hpke.open(byHpke)) },
        { name: 'bare AES-256-GCM of the same size', run: () => trial(() => aes.open(byAes)) },
      ],
      close: async () => {},
    };
  },
};
