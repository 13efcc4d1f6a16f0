import { describe, expect, it } from 'vitest';
import { relayOrigin, wayTo } from '../src/transport/address.ts';

const codeOf = (address: string, allowInsecure = false) => {
  try {
    return relayOrigin(address, allowInsecure);
  } catch (error) {
    return (error as { code: string }).code;
  }
};

const ONION = `${'a2'.repeat(28)}.onion`;

describe('the way to a relay', () => {
  it.each([
    ['https://relay.example', 'tls'],
    [`http://${ONION}`, 'onion'],
    [`https://${ONION}`, 'onion'],
    ['http://localhost:4000', 'local'],
    ['https://127.0.0.1', 'local'],
    ['http://192.168.1.5:4000', 'plain'],
    ['http://short.onion', 'plain'],
  ])('%s: %s', (origin, way) => {
    expect(wayTo(origin)).toBe(way);
  });
});

describe('a relay address', () => {
  it.each([
    ['https://relay.example', 'https://relay.example'],
    ['https://relay.example/', 'https://relay.example'],
    ['https://relay.example:8443', 'https://relay.example:8443'],
    ['https://relay.example:443', 'https://relay.example'],
    ['HTTPS://Relay.Example', 'https://relay.example'],
    ['http://localhost:4000', 'http://localhost:4000'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000'],
    ['http://127.8.9.10', 'http://127.8.9.10'],
    ['http://[::1]:4000/', 'http://[::1]:4000'],
    [`http://${ONION}`, `http://${ONION}`],
  ])('%s gives %s', (address, origin) => {
    expect(relayOrigin(address, false)).toBe(origin);
  });

  it.each([
    'http://relay.example',
    'http://192.168.1.5:4000',
    'http://localhost.evil.example',
    'http://127.0.0.1.evil.example',
    'http://[::ffff:7f00:1]',
    'http://0.0.0.0:4000',
    `http://${ONION}.evil.example`,
    'http://short.onion',
    // Version 2 had 16 characters, and is not to be relied upon.
    'http://expyuzz4wqqyqhjn.onion',
  ])('%s is refused over plain HTTP, unless it was allowed', (address) => {
    expect(codeOf(address)).toBe('relay_insecure');
    expect(codeOf(address, true)).toBe(new URL(address).origin);
  });

  it('says why plain HTTP is refused', () => {
    expect(() => relayOrigin('http://relay.example', false)).toThrow(/HTTP/);
  });

  it.each([
    '',
    'relay.example',
    'ftp://relay.example',
    'javascript:alert(1)',
    'https://',
    'https://relay.example/path',
    'https://relay.example/?a',
    'https://relay.example/#a',
    'https://user@relay.example',
    'https://:secret@relay.example',
    'http://user:secret@localhost',
  ])('%s is none, and what it says repeats no part of it', (address) => {
    expect(codeOf(address, true)).toBe('relay_unreachable');
    expect(() => relayOrigin(address, true)).toThrow(/^(?!.*secret)/);
  });
});
