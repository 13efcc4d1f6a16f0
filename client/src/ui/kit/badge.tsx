import type { ReactNode } from 'react';
import './display.css';

/** A number or a word in a small pill. */
export function Badge({ tone, children }: { tone?: 'soft' | 'warn'; children: ReactNode }) {
  return (
    <span className="badge" data-tone={tone}>
      {children}
    </span>
  );
}
