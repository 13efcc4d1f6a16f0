import { describe, expect, it } from 'vitest';
import { parseConfig } from '../src/config.ts';

describe('settings', () => {
  it('has defaults for what is not set, or set to nothing', () => {
    const defaults = { apiUrl: 'http://localhost:4000', allowInsecure: false, sentLogMinutes: [5, 30] };
    expect(parseConfig({ MODE: 'test', DEV: true })).toEqual(defaults);
    expect(
      parseConfig({ VITE_API_URL: '', VITE_ALLOW_INSECURE_RELAY: '', VITE_SENT_LOG_MINUTES: '' }),
    ).toEqual(defaults);
  });

  it('reads what is set', () => {
    const env = {
      VITE_API_URL: 'https://Relay.example:443/',
      VITE_ALLOW_INSECURE_RELAY: 'true',
      VITE_SENT_LOG_MINUTES: '0.05-0.1',
    };
    expect(parseConfig(env)).toEqual({
      apiUrl: 'https://relay.example',
      allowInsecure: true,
      sentLogMinutes: [0.05, 0.1],
    });
  });

  it.each([
    ['VITE_API_URL', 'relay.example'],
    ['VITE_API_URL', 'ftp://relay.example'],
    ['VITE_API_URL', 'https://relay.example/path'],
    ['VITE_API_URL', 'https://relay.example/?a'],
    ['VITE_API_URL', 'https://user@relay.example'],
    ['VITE_ALLOW_INSECURE_RELAY', 'perhaps'],
    ['VITE_SENT_LOG_MINUTES', '30'],
    ['VITE_SENT_LOG_MINUTES', '30-5'],
    ['VITE_SENT_LOG_MINUTES', '-1-5'],
  ])('refuses %s=%s by name', (name, value) => {
    expect(() => parseConfig({ [name]: value })).toThrow(name);
  });
});
