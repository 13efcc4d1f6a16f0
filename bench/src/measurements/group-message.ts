import type { Identity, Pair } from '@relay/protocol';
import {
  BLOB_KIND,
  beginDraw,
  decodeDraw,
  derivePair,
  finishDraw,
  generateCircle,
  issueBatch,
  loadIdentity,
  makeOprfKeyPair,
  sealMessage,
  TOKEN_BATCH,
  writeIdentityFile,
} from '@relay/protocol';
import { bareHpke } from '../floors/crypto.ts';
import { timed } from '../load/clock.ts';
import { textBody } from '../load/message.ts';
import type { Measurement, Trial } from '../measurement.ts';

/** Everybody else in a circle of twenty. */
const RECIPIENTS = 19;
const EPOCH = 500_000;

async function pairs(): Promise<{ sender: Identity; to: Pair[] }> {
  const labels = Array.from({ length: RECIPIENTS + 1 }, (_, i) => `Member ${i + 1}`);
  const { identities } = await generateCircle(labels);
  const sender = await loadIdentity(await writeIdentityFile(identities[0] as (typeof identities)[0]));
  const [secret] = sender.secrets;
  if (!secret) throw new Error('an identity holds a circle secret');
  const others = sender.roster.members.filter(({ number }) => number !== sender.member.number);
  return { sender, to: await Promise.all(others.map((peer) => derivePair(sender, peer, secret))) };
}

/** What one message to a group costs its sender's processor, on one thread: sealing it for each member, and the tokens that it will spend. */
export const groupMessage: Measurement = {
  name: 'group-message',
  title: `client work of a message to ${RECIPIENTS}, its tokens included`,
  unit: 'ms',
  quantiles: [0.5],
  async prepare(world, { messages }) {
    const [circle, { sender, to }] = [await world.circle(), await pairs()];
    const hpke = await bareHpke(circle);
    const key = makeOprfKeyPair();
    const body = textBody(sender, 'a short text, as most messages are');

    /** A share of a batch: tokens are drawn 64 at a time, and every recipient takes one. */
    async function tokens(): Promise<number> {
      let draw = beginDraw();
      const begun = await timed(async () => {
        draw = beginDraw();
      });
      const { evaluated, proof } = issueBatch(key, decodeDraw(draw.request));
      const issuer = { epoch: EPOCH, publicKey: key.publicKey };
      const finished = await timed(async () => {
        finishDraw(issuer, draw, evaluated, proof);
      });
      return ((begun + finished) * RECIPIENTS) / TOKEN_BATCH;
    }

    async function repeat(steps: Record<string, () => Promise<number>>): Promise<Trial> {
      const parts: Record<string, number[]> = {};
      const samples: number[] = [];
      for (let i = 0; i < messages; i++) {
        let sum = 0;
        for (const [name, step] of Object.entries(steps)) {
          const time = await step();
          sum += time;
          parts[name] = [...(parts[name] ?? []), time];
        }
        samples.push(sum);
      }
      return { samples, parts };
    }

    const seal = () =>
      timed(async () => {
        for (const pair of to) await sealMessage(pair, BLOB_KIND.message, body);
      });
    const bareSeal = () =>
      timed(async () => {
        for (let i = 0; i < RECIPIENTS; i++) await hpke.seal();
      });
    return {
      subject: { name: 'protocol', run: () => repeat({ seal, tokens }) },
      floors: [{ name: `bare HPKE, ${RECIPIENTS} times`, run: () => repeat({ seal: bareSeal }) }],
      close: async () => {},
    };
  },
};
