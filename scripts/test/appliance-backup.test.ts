import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Machine } from './support/machine.ts';

let machine: Machine;
beforeEach(() => {
  machine = new Machine();
});
afterEach(() => machine.end());

const RESTORES = {
  'compose --progress quiet run --rm -T -v *': { out: '', code: 0, keep: 'key' },
  'compose --progress quiet restart *': '',
};
const restarts = () =>
  machine.calls('docker compose --progress quiet restart').map((call) => call.split('restart ')[1]);
const bring = (...more: string[]) =>
  machine.run('backup', {}, ['bring', `${machine.root}/a`, `${machine.root}/key.txt`, ...more]);

describe('make restore', () => {
  beforeEach(() => machine.write('key.txt', 'the key'));

  it('has relay and worker start anew, and tor where it runs: it reads its key only then', () => {
    machine.docker({ ...RESTORES, 'compose ps --services --status running': 'postgres\nrelay\nworker\ntor' });
    const run = bring();
    expect(run).toMatchObject({ status: 0, stdout: expect.stringContaining('Run make up next') });
    expect(restarts()).toEqual(['relay worker', 'tor']);
    expect(machine.read('key')).toBe('the key');
  });

  it('starts no tor where there is none', () => {
    machine.docker({ ...RESTORES, 'compose ps --services --status running': 'postgres\nrelay\nworker' });
    expect(bring()).toMatchObject({ status: 0, stdout: '' });
    expect(restarts()).toEqual(['relay worker']);
  });

  it('restarts nothing after a look, nor after a restore that was refused', () => {
    machine.docker(RESTORES);
    expect(bring('--check').status).toBe(0);
    machine.docker({ 'compose --progress quiet run --rm -T -v *': { code: 4 } });
    expect(bring().status).toBe(4);
    expect(restarts()).toEqual([]);
  });
});
