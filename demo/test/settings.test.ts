import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesOf, PROJECT, portsOf, readSettings } from '../src/settings.ts';

describe('readSettings', () => {
  it('has the usual ports, and keeps everything in the project', () => {
    const settings = readSettings({});
    expect(portsOf(settings).map(({ variable, port }) => `${variable}=${port}`)).toEqual([
      'RELAY_PORT=4000',
      'CLIENT_PORT_1=5173',
      'CLIENT_PORT_2=5174',
      'TURN_PORT=3478',
    ]);
    expect(settings.postgres).toBeUndefined();
    expect(settings.files).toEqual(filesOf(PROJECT));
    expect(settings.files.identities).toBe(join(PROJECT, '.demo/identities'));
  });

  it('takes every port and the home from the environment; empty counts as not set', () => {
    const settings = readSettings({
      RELAY_PORT: '14000',
      CLIENT_PORT_1: '15173',
      CLIENT_PORT_2: ' ',
      TURN_PORT: '13478',
      PG_PORT: '15432',
      DEMO_HOME: '/var/tmp/elsewhere',
    });
    expect(portsOf(settings).map(({ port }) => port)).toEqual([14_000, 15_173, 5174, 13_478, 15_432]);
    expect(settings.files.state).toBe('/var/tmp/elsewhere/.demo');
  });

  it.each(['http', '0', '65536', '-1', '4000.5', '0x10'])(
    'refuses the port %j, naming the variable',
    (text) => {
      expect(() => readSettings({ RELAY_PORT: text })).toThrow(
        expect.objectContaining({ code: 'bad_setting', message: expect.stringContaining('RELAY_PORT') }),
      );
    },
  );

  it('refuses one port for two purposes', () => {
    expect(() => readSettings({ CLIENT_PORT_2: '4000' })).toThrow(
      expect.objectContaining({
        code: 'bad_setting',
        message: expect.stringMatching(/RELAY_PORT and CLIENT_PORT_2 are both 4000/),
      }),
    );
  });
});
