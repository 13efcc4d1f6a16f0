import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { pageUrl } from './client.ts';
import { DemoError } from './errors.ts';

/** What a browser says when the page's own script fetches. */
const OWN_FETCH = { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Dest': 'empty' };

async function get(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number | undefined; body: Buffer }> {
  const [response] = (await once(request(url, { headers }).end(), 'response')) as [IncomingMessage];
  return { status: response.statusCode, body: await buffer(response) };
}

/**
 * Makes sure that a page answers, gets its own member's identity, and that nobody else gets it: no other site, no other name for
 * this machine, nobody who just asks.
 *
 * @throws DemoError `page_faulty`
 */
export async function checkPage(port: number, identityFile: string): Promise<void> {
  const page = pageUrl(port);
  const require = (holds: boolean, complaint: string) => {
    if (!holds) throw new DemoError('page_faulty', `${page} ${complaint}`);
  };
  const { status, body } = await get(`${page}/`, { Accept: 'text/html' });
  require(status === 200 && body.includes('<div id="root">'), 'does not show the client.');
  const identity = `${page}/identity/identity.bin`;
  const own = await get(identity, OWN_FETCH);
  require(own.status === 200 && own.body.equals(readFileSync(identityFile)), 'does not get its identity.');
  const strangers = [
    {},
    { ...OWN_FETCH, 'Sec-Fetch-Site': 'cross-site' },
    { ...OWN_FETCH, 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' },
    { ...OWN_FETCH, Host: `relay.example:${port}` },
  ];
  for (const headers of strangers) {
    require((await get(identity, headers)).status === 403, 'gives its identity to strangers.');
  }
}
