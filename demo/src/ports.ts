import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { DemoError } from './errors.ts';
import type { PortSetting } from './settings.ts';

/** `localhost` may mean either. */
const LOOPBACKS = ['127.0.0.1', '::1'];

/** Errors of a machine that lacks one of the two. */
const NO_SUCH_ADDRESS = ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'];

/**
 * Makes sure that nobody listens on a port of this machine's loopback addresses.
 *
 * @param udp - whether the port is needed for UDP too
 * @throws DemoError `port_taken`, naming the variable that changes the port
 */
export async function requireFree({ variable, port, purpose }: PortSetting, udp = false): Promise<void> {
  for (const host of LOOPBACKS) {
    const free = (await bindsTcp(host, port)) && (!udp || (await bindsUdp(host, port)));
    if (free) continue;
    throw new DemoError(
      'port_taken',
      `Port ${port}, meant for ${purpose}, is taken. Free it, or choose another: ${variable}=${alternative(port)} make demo`,
    );
  }
}

/** A port nearby to suggest. */
function alternative(port: number): number {
  return port + 1_000 <= 65_535 ? port + 1_000 : port - 1_000;
}

async function bindsTcp(host: string, port: number): Promise<boolean> {
  const server = createServer();
  server.listen({ host, port, exclusive: true });
  return holds(once(server, 'listening'), () => once(server.close(), 'close'));
}

async function bindsUdp(host: string, port: number): Promise<boolean> {
  const socket = createSocket(host === '::1' ? 'udp6' : 'udp4');
  socket.bind({ port, address: host, exclusive: true });
  return holds(once(socket, 'listening'), async () => {
    socket.close();
  });
}

async function holds(bound: Promise<unknown>, release: () => Promise<unknown>): Promise<boolean> {
  try {
    await bound;
  } catch (error) {
    return NO_SUCH_ADDRESS.includes((error as NodeJS.ErrnoException).code ?? '');
  }
  await release();
  return true;
}
