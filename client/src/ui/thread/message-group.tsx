import { strings } from '../strings.ts';
import { Message } from './message.tsx';
import type { GroupRow } from './rows.ts';

/** Messages of one author that belong together. */
export function MessageGroup({ group: { own, messages } }: { group: GroupRow }) {
  return (
    <section className="group" data-own={own}>
      <h3 className="visually-hidden">{own ? strings.conversations.you : messages[0].author.label}</h3>
      {messages.map((message) => (
        <Message key={message.key} message={message} />
      ))}
    </section>
  );
}
