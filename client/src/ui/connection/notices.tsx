import { useActions, useApp } from '../context.tsx';
import { Icon } from '../kit/icon.tsx';
import { strings } from '../strings.ts';
import './connection.css';

const text = strings.notices;

/** What was refused, so that nothing disappears in silence. */
export function Notices() {
  const notices = useApp((state) => state.notices);
  const { dismissNotice } = useActions();
  if (notices.length === 0) return null;
  return (
    <details className="notices" data-testid="notices">
      <summary>
        <Icon name="warning" />
        {text.title(notices.length)}
      </summary>
      <ul aria-label={text.list}>
        {notices.map(({ key, from, fault }) => (
          <li key={key} data-code={fault.code}>
            <p>
              <strong>{from?.label ?? text.unknown}</strong> {fault.message}
            </p>
            <button
              type="button"
              className="icon-button"
              aria-label={text.dismiss}
              onClick={() => dismissNotice(key)}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
