import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ENTRYPOINT = 'images/tor/entrypoint.sh';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relay-tor-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Puts a command of that name before those of the system. */
function fake(name: string, script: string): void {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

/** Runs the entrypoint with addresses that the relay has, one look after the other; the last one stays. */
function run(addresses: readonly string[], tor: string) {
  addresses.forEach((address, look) => {
    writeFileSync(join(folder, `address-${look}`), address);
  });
  fake(
    'getent',
    `look=$(cat "${folder}/looks" 2>/dev/null || echo 0)
echo $((look + 1)) > "${folder}/looks"
[ -f "${folder}/address-$look" ] || look=${addresses.length - 1}
cat "${folder}/address-$look"`,
  );
  fake('tor', tor);
  fake('onion-address', 'echo abc.onion');
  // Ten seconds are a moment here.
  fake('sleep', 'exec /bin/sleep 0.05');
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
  return spawnSync('dash', [ENTRYPOINT], { env, encoding: 'utf8', timeout: 10_000 });
}

const FOREVER = 'exec /bin/sleep 8';

describe('the entrypoint of the onion service', () => {
  it('ends when the relay has another address, so that it is started for that one', () => {
    const { status, stdout } = run(['10.0.0.2 STREAM relay', '', '10.0.0.3 STREAM relay'], FOREVER);
    expect(stdout).toContain('the relay is at http://abc.onion');
    expect(stdout).toContain('the relay has another address now');
    expect(status).not.toBe(0);
  });

  it('goes on while the relay stays where it is, or is away, and ends with tor', () => {
    const { status, stdout } = run(
      ['10.0.0.2 STREAM relay', '', '10.0.0.2 STREAM relay'],
      '/bin/sleep 0.6; exit 3',
    );
    expect(stdout).not.toContain('another address');
    expect(stdout).toContain('tor ended with 3');
    expect(status).toBe(3);
  });

  it('has tor check the options that it starts it with, and nothing else', () => {
    fake('tor', 'echo "$@"');
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
    const { stdout, status } = spawnSync('dash', [ENTRYPOINT, '--check'], { env, encoding: 'utf8' });
    const lines = run(['10.0.0.2 STREAM relay'], 'echo "$@"').stdout.split('\n');
    const started = lines.find((line) => line.startsWith('--hush')) as string;
    expect(stdout.trim()).toBe(`${started.replace('10.0.0.2', '127.0.0.1')} --verify-config`);
    expect(stdout).toContain('--HiddenServiceDir');
    expect(status).toBe(0);
  });

  it('does not start where there is no relay', () => {
    const { status, stderr } = run([''], FOREVER);
    expect(stderr).toContain('"relay" cannot be found');
    expect(status).toBe(1);
  });
});
