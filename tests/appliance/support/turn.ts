import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Allocation, TransportAddress, TurnCredential } from '@relay/admin-cli/turn-client';
import { TurnClient } from '@relay/admin-cli/turn-client';
import { mintingSecret, parseSecrets, withoutDead } from '@relay/server/turn';
import type { Appliance } from './appliance.ts';
import { until } from './until.ts';

/** An address of this machine that is not loopback: what coturn relays on where nothing else is said. */
export function ownAddress(): string {
  for (const one of Object.values(networkInterfaces()).flat()) {
    // Bridges of Docker begin 172; the tests would measure the wrong thing there.
    if (one && !one.internal && isIPv4(one.address) && !one.address.startsWith('172.')) return one.address;
  }
  throw new Error('this machine has no address but loopback');
}

/** The secrets that coturn must take now, and the one that the relay makes credentials with. */
export async function livingSecrets(appliance: Appliance): Promise<{ minting: string; alive: string[] }> {
  const file = await appliance.exec('worker', 'cat', '/run/turn-secrets/secrets');
  const now = Math.floor(Date.now() / 1000);
  const living = withoutDead(parseSecrets(file), now);
  return { minting: mintingSecret(living, now).secret, alive: living.map(({ secret }) => secret) };
}

/** A client with an allocation. */
export interface Allocated {
  client: TurnClient;
  allocation: Allocation;
  received: Buffer[];
}

/** Makes an allocation over UDP. */
export async function allocate(host: string, port: number, credential: TurnCredential): Promise<Allocated> {
  const client = await TurnClient.open({ server: { host, port, transport: 'udp' }, credential });
  const received: Buffer[] = [];
  client.onData = ({ data }) => void received.push(Buffer.from(data));
  try {
    return { client, allocation: await client.allocate(4), received };
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** Lets two allocations talk to each other, from relay to relay. */
export async function introduce(a: Allocated, b: Allocated): Promise<void> {
  await a.client.createPermission(b.allocation.relayed);
  await b.client.createPermission(a.allocation.relayed);
}

/** Sends until it arrives, since UDP may lose; throws when nothing does. */
export async function echo(from: Allocated, to: Allocated, text: string): Promise<void> {
  const data = Buffer.from(text);
  const target: TransportAddress = to.allocation.relayed;
  await until(`"${text}" to arrive`, async () => {
    from.client.send(target, data);
    await new Promise((resolve) => setTimeout(resolve, 50));
    return to.received.some((bytes) => bytes.equals(data));
  });
}
