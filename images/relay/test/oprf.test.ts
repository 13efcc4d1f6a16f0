import { isRelayError, makeOprfKeyPair, randomBytes } from '@relay/protocol/wire';
import { expect, onTestFinished, test } from 'vitest';
import { workFor } from '../src/limits/payer.ts';
import { startOprf } from '../src/tokens/oprf.ts';

/** At once, one that is worked at and those that wait for it. */
const MOST = 513;

function setUp() {
  const oprf = startOprf();
  onTestFinished(() => oprf.close());
  const { secret } = makeOprfKeyPair();
  const forged = { epoch: 1, nonce: randomBytes(32), output: randomBytes(64) };
  const ask = (payer: string) => workFor({ payer }, () => oprf.isIssued(secret, forged));
  return { oprf, ask };
}

test('who has one token checked waits for one of those of who has many checked, not for all', async () => {
  const { ask } = setUp();
  const order: string[] = [];
  const noted = async (payer: string) => {
    expect(await ask(payer)).toBe(false);
    order.push(payer);
  };
  await Promise.all([...Array.from({ length: 20 }, () => noted('much')), noted('little')]);
  expect(order.slice(0, 3)).toContain('little');
});

test('so many checks wait and no more: the rest is refused at once', async () => {
  const { oprf, ask } = setUp();
  let refused = 0;
  const all = Array.from({ length: MOST + 40 }, () =>
    ask('much').catch((thrown: unknown) => {
      if (isRelayError(thrown, 'unavailable')) refused += 1;
    }),
  );
  await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  expect(refused).toBe(40);
  await oprf.close();
  await Promise.all(all);
});
