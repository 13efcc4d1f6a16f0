import type { ReactNode } from 'react';
import { Logo } from '../kit/logo.tsx';
import { strings } from '../strings.ts';
import './gate.css';

/** The frame of every screen that stands before the conversations. */
export function Gate({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <main className="gate">
      <div className="gate-card">
        <p className="gate-brand">
          <Logo />
          {strings.name}
        </p>
        <h1>{title}</h1>
        <p className="gate-lead">{lead}</p>
        {children}
      </div>
    </main>
  );
}
