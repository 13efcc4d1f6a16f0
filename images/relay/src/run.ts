import type { Config } from './config.ts';
import { ConfigError, loadConfig, unknownSettings } from './config.ts';
import type { Logger } from './log.ts';
import { createLogger, describeFault } from './log.ts';

/** Something that runs until it is told to stop. */
export interface Running {
  close(): Promise<void>;
}

/**
 * Runs a part of the relay as a process: reads the configuration, starts, and stops on SIGTERM or SIGINT. Exits with 78 when the
 * configuration has faults, with 1 when the start fails.
 *
 * @param part `relay` or `worker`
 * @param start starts it
 */
export async function runProcess(
  part: string,
  start: (config: Config, log: Logger) => Promise<Running>,
): Promise<void> {
  const config = readConfig();
  const log = createLogger(part, config.logLevel);
  for (const name of unknownSettings(process.env)) log.warn({ name }, 'no such setting; see .env.example');
  try {
    const running = await start(config, log);
    const stop = () => {
      // A second signal ends the process at once.
      process.off('SIGTERM', stop).off('SIGINT', stop);
      void running.close().then(() => process.exit(0));
    };
    process.on('SIGTERM', stop).on('SIGINT', stop);
  } catch (error) {
    log.fatal(describeFault(error), 'the start failed');
    process.exitCode = 1;
  }
}

/** Reads the configuration. Where it has faults, says which, and ends the process with 78. */
export function readConfig(): Config {
  try {
    return loadConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(78);
  }
}
