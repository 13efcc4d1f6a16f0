import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canReach, isRoot, unprivilegedAccount } from '../src/postgres/account.ts';
import { binariesFor } from '../src/postgres/binaries.ts';
import { dataDirFor } from '../src/postgres/cluster.ts';
import { freePort } from '../src/postgres/port.ts';
import { processIdentity } from '../src/postgres/process.ts';

const PASSWD =
  'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\nanna:x:1000:1001::/home/anna:/bin/sh\n';
const stranger = { name: 'stranger', uid: 54321, gid: 54321 };

let place: string;

beforeEach(() => {
  place = mkdtempSync('/var/tmp/relay-parts-');
  chmodSync(place, 0o755);
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

describe('unprivilegedAccount', () => {
  it('takes the first usual account that exists', () => {
    expect(unprivilegedAccount(undefined, PASSWD)).toEqual({ name: 'nobody', uid: 65534, gid: 65534 });
  });

  it('takes the wanted one', () => {
    expect(unprivilegedAccount('anna', PASSWD)).toEqual({ name: 'anna', uid: 1000, gid: 1001 });
  });

  it.each(['root', 'ghost'])('refuses %s', (name) => {
    expect(() => unprivilegedAccount(name, PASSWD)).toThrow(expect.objectContaining({ code: 'no_account' }));
  });
});

describe('canReach', () => {
  it('follows the folders down to the file', () => {
    mkdirSync(join(place, 'closed/open'), { recursive: true });
    expect(canReach(stranger, join(place, 'closed/open/file'))).toBe(true);
    chmodSync(join(place, 'closed'), 0o700);
    expect(canReach(stranger, join(place, 'closed/open/file'))).toBe(false);
    expect(canReach(stranger, join(place, 'closed'))).toBe(true);
  });
});

describe('dataDirFor', () => {
  it('leaves a checkout that only root can enter', () => {
    const checkout = join(place, 'checkout');
    mkdirSync(checkout, { mode: 0o700 });
    const outside = /^\/var\/tmp\/relay-data-[0-9a-f]{12}-postgres$/;
    expect(outside.test(dataDirFor(checkout, 'postgres'))).toBe(isRoot());
    expect(dataDirFor(join(place, 'other'), 'postgres')).toBe(join(place, 'other/.demo/postgres'));
  });
});

describe('binariesFor', () => {
  const version = '1.2.3';

  function install() {
    const folder = join(place, 'closed/native');
    mkdirSync(join(folder, 'bin'), { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, 'bin/postgres'), 'binary', { mode: 0o700 });
    symlinkSync('postgres', join(folder, 'bin/link'));
    return { folder, version };
  }

  const copy = () => join(place, `relay-postgres-${version}`);

  it('uses the installed ones where the account can reach them', () => {
    const installed = install();
    chmodSync(join(place, 'closed'), 0o755);
    chmodSync(installed.folder, 0o755);
    chmodSync(join(installed.folder, 'bin'), 0o755);
    expect(binariesFor(stranger, installed, place)).toBe(installed.folder);
  });

  it('copies them once, open to readers and writable by nobody else', () => {
    const installed = install();
    expect(binariesFor(stranger, installed, place)).toBe(copy());
    expect(canReach(stranger, join(copy(), 'bin/postgres'))).toBe(true);
    expect(lstatSync(join(copy(), 'bin/postgres')).mode & 0o777).toBe(0o755);
    expect(lstatSync(join(copy(), 'bin/link')).isSymbolicLink()).toBe(true);
    const first = lstatSync(copy()).ino;
    binariesFor(stranger, installed, place);
    expect(lstatSync(copy()).ino).toBe(first);
  });

  it('makes the copy anew when files have gone from it', () => {
    const installed = install();
    binariesFor(stranger, installed, place);
    rmSync(join(copy(), 'bin/postgres'));
    binariesFor(stranger, installed, place);
    expect(readFileSync(join(copy(), 'bin/postgres'), 'utf8')).toBe('binary');
  });

  it('refuses a copy that others can write, or a link in its place', () => {
    const installed = install();
    mkdirSync(copy());
    chmodSync(copy(), 0o777);
    expect(() => binariesFor(stranger, installed, place)).toThrow(
      expect.objectContaining({ code: 'unsafe_folder' }),
    );
    rmSync(copy(), { recursive: true });
    symlinkSync(installed.folder, copy());
    expect(() => binariesFor(stranger, installed, place)).toThrow(
      expect.objectContaining({ code: 'unsafe_folder' }),
    );
  });
});

describe('freePort', () => {
  it('names a port that is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await expect(freePort(port)).rejects.toMatchObject({
      code: 'port_taken',
      message: expect.stringContaining(String(port)),
    });
    await new Promise((resolve) => server.close(resolve));
    await expect(freePort(port)).resolves.toBe(port);
  });
});

it('tells a running process from none', () => {
  expect(processIdentity(process.pid)).toMatch(new RegExp(`^${process.pid} `));
  expect(processIdentity(2 ** 30)).toBeUndefined();
});
