import './display.css';

/** Something is going on, nobody knows for how long. Stands beside words that say what. */
export function Spinner() {
  return <span className="spinner" aria-hidden="true" />;
}
