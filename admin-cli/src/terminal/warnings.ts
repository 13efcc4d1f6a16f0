/** The part of `process` that warnings pass through. */
export type WarningSource = Pick<NodeJS.Process, 'emitWarning'>;

function isExperimental(warning: unknown, type: unknown): boolean {
  if (warning instanceof Error) return warning.name === 'ExperimentalWarning';
  if (typeof type === 'object' && type !== null && 'type' in type) return type.type === 'ExperimentalWarning';
  return type === 'ExperimentalWarning';
}

/**
 * Keeps Node's notes that ML-KEM in WebCrypto is experimental off the operator's terminal; every other warning still shows.
 * The published test vectors say whether it computes the right thing, not its label.
 */
export function silenceExperimentalWarnings(source: WarningSource): void {
  const emit = source.emitWarning.bind(source) as (...args: unknown[]) => void;
  source.emitWarning = (...args: unknown[]) => {
    if (!isExperimental(args[0], args[1])) emit(...args);
  };
}
