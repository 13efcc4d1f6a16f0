import { useActions, useApp } from '../context.tsx';
import { Icon } from '../kit/icon.tsx';
import { IconButton } from '../kit/icon-button.tsx';
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
              <strong>{from?.name ?? text.unknown}</strong> {fault.message}
            </p>
            <IconButton small icon="close" label={text.dismiss} onClick={() => dismissNotice(key)} />
          </li>
        ))}
      </ul>
    </details>
  );
}
