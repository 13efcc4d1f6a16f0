/** What disks can refuse to a command that writes files. */
import { chmod, lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CliResult } from './cli.ts';
import type { Content, Shortage } from './small-disk.ts';
import { SmallDisk } from './small-disk.ts';

/** A command that writes files. Paths are relative to the disk's folder. */
export interface Writer {
  args: string[];
  env?: Record<string, string>;
  /** The folders and files that it needs, where its own folder is not enough. */
  prepare(folder: string): Promise<void>;
  /** Its folder, in which it may not write when that is refused. */
  writesIn: string;
  /** Files that it must be able to read. */
  reads: readonly string[];
  /** What it says when there is no room, and when it is kept out. */
  codes: { full: string; denied: string };
  /** What no run may print. */
  secrets(folder: string): Promise<string[]>;
  /** What must hold of the files when it has ended well. */
  ended(folder: string): Promise<void>;
}

/** A disk with what a command needs. */
async function disked({ prepare, args, env, secrets: secretsOn }: Writer) {
  const disk = await SmallDisk.mount();
  await prepare(disk.folder);
  const [before, secrets] = [await disk.content(), await secretsOn(disk.folder)];
  const run = async (shortage?: Shortage): Promise<CliResult> => {
    const result = await disk.run([...args, '--json'], shortage, env);
    for (const secret of secrets) expect(result.stdout + result.stderr).not.toContain(secret);
    return result;
  };
  return { disk, before, run };
}

/** Whether the new folder of a replacement is all that came to be: its last step is then taken by the next run. */
async function isUnfinished({ code }: { code: string }, disk: SmallDisk, before: Content): Promise<boolean> {
  if (code !== 'replacement_unfinished') return false;
  const after = await disk.content();
  const made = Object.keys(after).filter((name) => !(name in before));
  expect(
    made.every((name) =>
      /^new(\/(allowed-keys-seed\.json|circle\.key|identity-02\.bin|roster-update\.bin))?$/.test(name),
    ),
    `${made}`,
  ).toBe(true);
  expect(made).toHaveLength(5);
  expect(after).toMatchObject(before);
  return true;
}

/** A run that failed and says why, and left everything as it was. */
async function expectRefused(
  result: CliResult,
  disk: SmallDisk,
  before: Content,
  [code, words]: readonly [string, RegExp],
) {
  expect(result, result.stdout).toMatchObject({ code: 3, stderr: expect.not.stringContaining('Error') });
  const { error } = JSON.parse(result.stdout);
  expect(error.message).toMatch(words);
  expect(error.message).not.toContain('.partial-');
  if (await isUnfinished(error, disk, before)) return;
  expect(error.code).toBe(code);
  expect(await disk.content()).toEqual(before);
}

const LONG = { timeout: 480_000 };

/** Tests that whatever a disk refuses is told, leaves all as it was, and that the command ends well when that is over. */
export function describeDiskFaults(name: string, writer: Writer): void {
  describe(name, () => {
    test.each([
      ['room', (count: number) => ({ pages: count && 2 ** (count - 1) }), /disk is full.*Make room/],
      ['names', (count: number) => ({ names: count }), /disk is full.*Make room/],
      [
        'bytes in a file',
        (count: number) => ({ fileBytes: count && 128 * 4 ** count }),
        /a limit .* is reached.* Lift it/i,
      ],
    ])(
      'not enough %s: told, all is as it was, and it ends well where there is',
      LONG,
      async (_what, shortage, words) => {
        const { disk, before, run } = await disked(writer);
        let failures = 0;
        for (let count = 0; ; count++) {
          const result = await run(shortage(count));
          if (result.code === 0) break;
          failures++;
          await expectRefused(result, disk, before, [writer.codes.full, words]);
        }
        expect(failures).toBeGreaterThan(0);
        await writer.ended(disk.folder);
      },
    );

    test('a disk that may only be read', LONG, async () => {
      const { disk, before, run } = await disked(writer);
      await disk.allowWrites(false);
      await expectRefused(await run(), disk, before, [
        writer.codes.denied,
        /may only be read\. Mount it for writing/,
      ]);
      await disk.allowWrites(true);
      expect(await run()).toMatchObject({ code: 0 });
      await writer.ended(disk.folder);
    });

    test('a folder, or a file, of which it is kept out', LONG, async () => {
      const { disk, before, run } = await disked(writer);
      const locks = [0o500, 0o300, 0o600].map((mode) => [writer.writesIn, mode] as const);
      const files = writer.reads.map((path) => [path, 0] as const);
      for (const [path, mode] of [...locks, ...files]) {
        const place = join(disk.folder, path);
        const usual = (await lstat(place)).mode & 0o777;
        await chmod(place, mode);
        const result = await run({ rights: 'none' });
        await chmod(place, usual);
        await expectRefused(result, disk, before, [
          writer.codes.denied,
          /Check (its|the directory and its) owner/,
        ]);
      }
      expect(await run({ rights: 'none' })).toMatchObject({ code: 0 });
      await writer.ended(disk.folder);
    });
  });
}
