import './display.css';

/** The mark: one point, and two waves that carry from it. */
export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" />
      <circle cx="10" cy="16" r="3.5" />
      <path d="M16 9.5a9.2 9.2 0 0 1 0 13M21 6.5a13.4 13.4 0 0 1 0 19" />
    </svg>
  );
}
