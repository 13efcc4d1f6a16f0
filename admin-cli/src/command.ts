import { Command } from '@oclif/core/command';
import type { ShownFault } from './faults.ts';
import { EXIT, shownFault } from './faults.ts';

/**
 * The base of every command: `--json`, and faults told as what they are (see `faults.ts`). What `run` returns is what `--json`
 * prints.
 */
export abstract class AdminCommand extends Command {
  static override enableJsonFlag = true;

  /** Prints a text to stdout as it is; nothing under `--json`. */
  protected show(text: string): void {
    if (!this.jsonEnabled()) process.stdout.write(text);
  }

  /** Prints warnings to stderr; nothing under `--json`, whose result has them. */
  protected warnOf(warnings: readonly string[]): void {
    if (!this.jsonEnabled()) for (const warning of warnings) process.stderr.write(`Warning: ${warning}\n`);
  }

  async #badFlags(error: Error): Promise<ShownFault> {
    const { badFlagsText } = await import('./terminal/usage.ts');
    const help = `${this.config.bin} ${(this.id ?? '').replaceAll(':', ' ')} --help`;
    return { code: 'usage', message: badFlagsText(error, help), exit: EXIT.usage };
  }

  /** Shows an error and sets the exit code. */
  protected override async catch(error: Error): Promise<void> {
    // How the library ends after --help.
    if ('code' in error && error.code === 'EEXIT') throw error;
    const fault = 'oclif' in error ? await this.#badFlags(error) : await shownFault(error);
    process.exitCode = fault?.exit ?? EXIT.bug;
    if (this.jsonEnabled()) {
      const { code, message } = fault ?? { code: 'internal', message: error.message };
      this.logJson({ error: { code, message } });
    } else if (fault !== undefined) {
      // Progress may stand in this line of the terminal.
      process.stderr.write(`${process.stderr.isTTY ? '\r\u001b[K' : ''}Error: ${fault.message}\n`);
    }
    if (fault === undefined) {
      process.stderr.write(`relay-admin met a fault of its own; please report it.\n${error.stack}\n`);
    }
  }
}
