import type { CSSProperties } from 'react';
import './display.css';

/** The shape of something that is not here yet. Says nothing: the place around it says that it is loading. */
export function Skeleton({ width = '100%', round = false }: { width?: string; round?: boolean }) {
  const style: CSSProperties = round ? {} : { width };
  return <span className="skeleton" data-round={round} style={style} aria-hidden="true" />;
}
