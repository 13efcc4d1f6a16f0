import { X509Certificate } from 'node:crypto';
import { get } from 'node:http';
import { request } from 'node:https';
import { connect } from 'node:tls';
import { TurnClient } from '@relay/admin-cli/turn-client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Appliance } from './support/appliance.ts';
import { identityOf, Member } from './support/circle.ts';
import { ownAddress } from './support/turn.ts';
import { until } from './support/until.ts';

const DOMAIN = 'relay.test';
const circle = inject('circle');
const plain = new Appliance(inject('appliance'));
const appliance = new Appliance({
  ...plain.site,
  env: {
    ...plain.site.env,
    COMPOSE_FILE: 'docker-compose.yml:compose/tls.yml',
    RELAY_DOMAIN: DOMAIN,
    RELAY_TLS_ISSUER: 'internal',
    TURN_HOST: ownAddress(),
  },
});
const AUTHORITY = '/var/lib/caddy/caddy/pki/authorities/local/root.crt';

let ca = '';

/** `fetch` to the domain, which no name server knows, trusting the local authority and nobody else. */
const throughCaddy: typeof fetch = (input, init) => {
  const url = new URL(String(input));
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: 443,
        servername: url.hostname,
        path: url.pathname,
        method: init?.method ?? 'GET',
        headers: { ...Object.fromEntries(new Headers(init?.headers)), host: url.hostname },
        ca,
        signal: init?.signal ?? undefined,
      },
      async (response) => {
        const pieces: Buffer[] = [];
        for await (const piece of response) pieces.push(piece as Buffer);
        const status = response.statusCode ?? 0;
        const body = [204, 304].includes(status) ? null : Buffer.concat(pieces);
        resolve(new Response(body, { status, headers: response.headers as Record<string, string> }));
      },
    );
    sent.on('error', reject).end(init?.body as Uint8Array | string | undefined);
  });
};

/** Status and location of the answer on port 80 to `/x` of a host; `fetch` would not let the host be named. */
function plainHttp(host: string): Promise<[number | undefined, string | undefined]> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port: 80, path: '/x', headers: { host } }, (response) => {
      response.resume();
      resolve([response.statusCode, response.headers.location]);
    }).on('error', reject);
  });
}

/** The certificate that answers on a port of this machine, verified against the local authority. */
function certificateAt(port: number): Promise<X509Certificate> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, servername: DOMAIN, ca }, () => {
      const certificate = new X509Certificate(socket.getPeerCertificate().raw);
      socket.destroy();
      resolve(certificate);
    });
    socket.setTimeout(5_000, () => socket.destroy(new Error('no answer'))).on('error', reject);
  });
}

beforeAll(async () => {
  await appliance.up();
  ca = await until('the local authority', async () => await appliance.exec('caddy', 'cat', AUTHORITY));
});
afterAll(() => plain.up('--remove-orphans'));

describe('TLS for a domain', () => {
  it('carries sessions and blobs, and the relay has no other way in', async () => {
    const one = new Member(`https://${DOMAIN}`, await identityOf(circle, 1), throughCaddy);
    const two = new Member(`https://${DOMAIN}`, await identityOf(circle, 2), throughCaddy);
    const sent = await one.send(two.identity.member.keyHash, 3);
    const found = await two.receive();
    for (const [id, hash] of sent) expect(found.get(id)).toBe(hash);
    await expect(fetch('http://localhost:4000/healthz')).rejects.toThrow();
  });

  it('tells nothing of Caddy, the relay or the one who asks', async () => {
    const answer = await throughCaddy(`https://${DOMAIN}/healthz`);
    expect([answer.status, answer.headers.get('server'), answer.headers.get('via')]).toEqual([
      204,
      null,
      null,
    ]);
    const said = await appliance.compose(['logs', '--no-color', 'caddy', 'relay', 'certificate']);
    // Of Caddy only faults are written down, so it may have said nothing.
    expect(said).toContain('"listening"');
    expect(said).toContain("certificate: waiting for Caddy's certificate");
    expect(said).not.toContain('/v1/');
    expect(said).not.toMatch(/remote_(ip|addr)|User-Agent/i);
  });

  it('sends plain HTTP for the domain on to TLS, and cuts off any other', async () => {
    expect(await plainHttp(DOMAIN)).toEqual([301, `https://${DOMAIN}/x`]);
    await expect(plainHttp('elsewhere.test')).rejects.toThrow();
  });

  it('is seen by doctor: both certificates, TURN over TLS, and a domain that nobody finds', async () => {
    const { code, stdout, stderr } = await appliance.doctor(['--json']);
    expect(code, stderr).toBe(6);
    const { findings } = JSON.parse(stdout) as {
      findings: { area: string; level: string; finding: string }[];
    };
    const said = findings.map(({ area, level, finding }) => `${level} ${area}: ${finding}`);
    const expected = [
      /^ok certificate: https:\/\/relay\.test: \d+ hours left/,
      /^ok certificate: TURN over TLS: \d+ hours left/,
      /^ok TURN: (\d+) of \1 checks held/,
      /^fault origins: relay\.test does not resolve/,
      /^ok ports: Listened on: .*5349\/tcp/,
    ];
    for (const line of expected)
      expect(
        said.some((one) => line.test(one)),
        `${line}\n${said.join('\n')}`,
      ).toBe(true);
    expect(said.filter((one) => one.startsWith('fault'))).toHaveLength(1);
  });

  it('gives coturn the same certificate, and `turns:` URLs that work', async () => {
    const [web, turn] = [await certificateAt(443), await certificateAt(5349)];
    expect(turn.fingerprint256).toBe(web.fingerprint256);
    const one = new Member(`https://${DOMAIN}`, await identityOf(circle, 1), throughCaddy);
    const { urls, username, credential } = await one.http.turnCredentials(await one.session());
    expect(urls).toContain(`turns:${ownAddress()}:5349?transport=tcp`);
    const server = { host: '127.0.0.1', port: 5349, transport: 'tls', insecure: true } as const;
    const client = await TurnClient.open({ server, credential: { username, credential } });
    const { relayed } = await client.allocate(4);
    expect(relayed.ip).toBe(ownAddress());
    await client.close();
    const wrong = await TurnClient.open({ server, credential: { username, credential: `${credential}x` } });
    await expect(wrong.allocate(4)).rejects.toMatchObject({ code: 401 });
    await wrong.close();
  });

  it('is renewed in both, without a restart of coturn', async () => {
    const before = await certificateAt(5349);
    const { State } = await appliance.container('coturn');
    await appliance.exec('caddy', 'rm', '-r', `/var/lib/caddy/caddy/certificates/local/${DOMAIN}`);
    await appliance.compose(['restart', 'caddy']);
    const web = await until('a new certificate', async () => {
      const now = await certificateAt(443);
      return now.fingerprint256 === before.fingerprint256 ? undefined : now;
    });
    await until('coturn to have it', async () => {
      return (await certificateAt(5349)).fingerprint256 === web.fingerprint256;
    });
    expect((await appliance.container('coturn')).State.StartedAt).toBe(State.StartedAt);
  });
});
