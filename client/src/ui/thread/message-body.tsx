import type { MessageItem } from '../../state/model.ts';
import { FileView } from '../files/file-view.tsx';
import { strings } from '../strings.ts';

const text = strings.thread;

/** What a message says. */
export function MessageBody({ message, reachable }: { message: MessageItem; reachable: boolean }) {
  if (message.kind === 'deleted') return <p className="message-aside">{text.deleted}</p>;
  if (message.kind === 'unsupported')
    return (
      <p className="message-aside">
        {text.unsupported} <code>{message.kindName}</code>
      </p>
    );
  if (message.kind === 'file' && message.file)
    return <FileView messageKey={message.key} file={message.file} reachable={reachable} />;
  if (message.fault)
    return (
      <p className="message-aside">
        {text.textFault} {message.fault.message}
      </p>
    );
  if (message.text === undefined)
    return (
      <p className="message-aside message-loading" aria-busy="true">
        {text.loading}
      </p>
    );
  return <p className="message-text">{message.text}</p>;
}
