import type { After } from '../../timer.ts';

/**
 * Waits for so long, or until it is ended.
 * @param ms milliseconds
 */
export function patience(after: After, ms: number): { isOver: Promise<void>; end(): void } {
  const { promise: isOver, resolve } = Promise.withResolvers<void>();
  const cancel = after(ms, resolve);
  return {
    isOver,
    end() {
      cancel();
      resolve();
    },
  };
}
