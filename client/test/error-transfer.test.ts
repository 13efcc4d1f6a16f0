import { generateCircle, isRelayError, RelayError, writeIdentityFile } from '@relay/protocol';
import { expose, transferHandlers, wrap } from 'comlink';
import { afterEach, describe, expect, it } from 'vitest';
import { keepErrorCodes } from '../src/crypto/error-transfer.ts';
import type { VaultClient } from '../src/crypto/spawn.ts';
import { Vault } from '../src/crypto/vault.ts';

const ports: { close(): void }[] = [];

/** Puts something behind a channel, as a worker would. */
function behindChannel<T>(value: T) {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  expose(value, port1);
  return wrap<T>(port2);
}

const faultOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('faults across the worker’s boundary', () => {
  afterEach(() => {
    for (const port of ports.splice(0)) port.close();
  });

  const thrower = {
    coded: async (): Promise<void> => {
      throw new RelayError('blob_forged', 'words for a person');
    },
    plain: async (): Promise<void> => {
      throw new TypeError('a bug');
    },
    odd: async (): Promise<void> => Promise.reject('text'),
  };

  it('are handled in one way, however often a side is set up: the other side speaks it too', () => {
    keepErrorCodes();
    const first = transferHandlers.get('throw');
    keepErrorCodes();
    expect(transferHandlers.get('throw')).toBe(first);
  });

  it('keep their code and words', async () => {
    keepErrorCodes();
    const remote = behindChannel(thrower);
    const fault = await faultOf(remote.coded());
    expect(isRelayError(fault, 'blob_forged')).toBe(true);
    expect((fault as Error).message).toBe('words for a person');
  });

  it('of other kinds stay what they were', async () => {
    keepErrorCodes();
    const remote = behindChannel(thrower);
    const fault = await faultOf(remote.plain());
    expect(isRelayError(fault)).toBe(false);
    expect(fault).toMatchObject({ name: 'TypeError', message: 'a bug' });
    await expect(remote.odd()).rejects.toBe('text');
  });

  it('let a vault work behind it as it does in place', async () => {
    keepErrorCodes();
    const vault = behindChannel(new Vault()) as unknown as VaultClient;
    await expect(vault.seal('00', 'message', [])).rejects.toMatchObject({ code: 'identity_locked' });
    await expect(vault.open(new Uint8Array(20))).rejects.toMatchObject({ code: 'identity_foreign' });
    const { identities } = await generateCircle(['Alice', 'Bob']);
    const [alice] = await Promise.all(identities.map((identity) => writeIdentityFile(identity)));
    const view = await vault.open(alice as Uint8Array);
    const content = Uint8Array.of(1, 2, 3);
    const parcel = await vault.seal(view.self, 'sentLog', [{ content, private: { to: [] } }]);
    expect(parcel.frame).toHaveLength(65_616);
    const opened = await vault.openMessage(parcel.id, parcel.frame.subarray(-65_536));
    expect(opened).toMatchObject({ sender: view.self, refused: ['record_invalid'] });
    await expect(vault.openMessage('00'.repeat(16), new Uint8Array(65_536))).rejects.toMatchObject({
      code: 'blob_unrecognised',
    });
  });
});
