import { EXIT } from '../exits.ts';

/**
 * Says so and ends (exit code `file`) when standard output cannot be written, such as a file on a full disk. The work of a command is then
 * done or not: what it has to say comes last. A reader that has gone is no fault.
 */
export function endWhereOutputIsLost({ stdout, stderr, exit }: NodeJS.Process): void {
  stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') return;
    const cause = code === 'ENOSPC' ? 'the disk is full' : `the system says ${code}`;
    stderr.write(
      `Error: What there was to say could not be written to standard output: ${cause}. See what was done before you run the command again.\n`,
    );
    exit(EXIT.file);
  });
}
