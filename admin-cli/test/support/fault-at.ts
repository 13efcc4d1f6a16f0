/**
 * Loaded into relay-admin before all else (`--import`): ends or fails the operation on files that RELAY_TEST_FAULT names, as `kill 3` or
 * `ENOSPC 3`. Only operations that change something are counted. Of a write, half is done.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

type Work = (...args: never[]) => Promise<unknown>;

const [what = '', which = '0'] = (process.env.RELAY_TEST_FAULT ?? '').split(' ');
let count = 0;

/** A process that is killed after the operation, or an operation that fails. */
function faulty(work: Work, path: (args: unknown[]) => string, half: Work = work): Work {
  return async (...args) => {
    count += 1;
    if (count !== Number(which)) return work(...args);
    if (what === 'kill' || half !== work) await half(...args).catch(() => {});
    if (what === 'kill') {
      process.kill(process.pid, 'SIGKILL');
      // The signal comes before anything else is done.
      await new Promise(() => {});
    }
    throw Object.assign(new Error(`${what}: made up`), { code: what, syscall: 'open', path: path(args) });
  };
}

async function halfOf(file: fs.promises.FileHandle, content: unknown): Promise<void> {
  if (typeof content === 'string') await file.write(content.slice(0, content.length / 2));
  else if (content instanceof Uint8Array) await file.write(content.subarray(0, content.length / 2));
  else for await (const chunk of content as AsyncIterable<Uint8Array>) return void (await file.write(chunk));
}

const { promises } = fs;
const first = (args: unknown[]) => String(args[0]);
for (const name of ['mkdir', 'rename', 'rmdir', 'link', 'rm', 'writeFile', 'chmod', 'chown'] as const) {
  Object.assign(promises, { [name]: faulty(promises[name].bind(promises) as Work, first) });
}

const open = promises.open.bind(promises);
const opening = faulty(open as Work, first) as typeof open;
promises.open = async (path, flags, mode) => {
  const isRead = flags === undefined || flags === 'r' || (typeof flags === 'number' && (flags & 3) === 0);
  const file = await (isRead ? open : opening)(path, flags, mode);
  const name = () => String(path);
  const write = file.writeFile.bind(file) as Work;
  // Nobody but root may give files away.
  const give = process.getuid?.() === 0 ? file.chown.bind(file) : async () => {};
  Object.assign(file, {
    writeFile: faulty(write, name, (content) => halfOf(file, content)),
    chown: faulty(give as Work, name),
    chmod: faulty(file.chmod.bind(file) as Work, name),
    ...(isRead ? {} : { sync: faulty(file.sync.bind(file), name) }),
  });
  return file;
};
syncBuiltinESMExports();
