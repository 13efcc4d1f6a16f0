import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { requireFree } from '../src/ports.ts';

const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);
const HOSTS = ['127.0.0.1', '0.0.0.0', ...(hasIpv6 ? ['::1', '::'] : [])];

const setting = (port: number) => ({ variable: 'RELAY_PORT', port, purpose: 'the relay' });

describe('requireFree', () => {
  it.each(HOSTS)('finds who listens on %s, until that ends', async (host) => {
    const other = createServer().listen(0, host);
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(requireFree(setting(port))).rejects.toMatchObject({
      code: 'port_taken',
      message: expect.stringMatching(
        `Port ${port}, meant for the relay, is taken.* RELAY_PORT=\\d+ make demo$`,
      ),
    });
    await once(other.close(), 'close');
    await requireFree(setting(port));
    await requireFree(setting(port));
  });

  it('looks at UDP only when asked to', async () => {
    const other = createSocket('udp4');
    other.bind(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address();
    await requireFree(setting(port));
    await expect(requireFree(setting(port), true)).rejects.toMatchObject({ code: 'port_taken' });
    other.close();
    await once(other, 'close');
    await requireFree(setting(port), true);
  });
});
