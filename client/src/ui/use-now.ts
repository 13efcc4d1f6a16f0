import { useEffect, useState } from 'react';
import { useMessenger } from './context.tsx';

/**
 * The time, read again at an interval.
 * @param every milliseconds
 * @returns milliseconds from the Unix epoch
 */
export function useNow(every: number): number {
  const { now } = useMessenger();
  const [time, setTime] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setTime(now()), every);
    return () => clearInterval(timer);
  }, [now, every]);
  return time;
}
