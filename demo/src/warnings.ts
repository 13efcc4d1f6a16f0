/**
 * Keeps Node's notes off the terminal that ML-KEM in its WebCrypto is experimental; every other warning still shows. The published
 * test vectors say whether it computes the right thing, not its label.
 */
export function silenceExperimentalWarnings(): void {
  process.removeAllListeners('warning').on('warning', ({ name, message }) => {
    if (name !== 'ExperimentalWarning') console.error(`${name}: ${message}`);
  });
}
