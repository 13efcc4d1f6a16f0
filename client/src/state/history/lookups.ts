/** Remembers what a conversation was shown with, so that it is made anew only when some of that has changed. */
import type { Contact } from '../model.ts';
import { isSame } from './same.ts';
import type { ViewContext } from './view-context.ts';

/** Everything that was looked up to show a conversation once. */
export class Lookups {
  readonly #asked: { ask(context: ViewContext): unknown; answer: unknown }[] = [];
  /** To look things up in. */
  readonly context: ViewContext;

  /** @param context whose answers are not changed in place later */
  constructor(context: ViewContext) {
    const contacts = new Map<string, Contact>();
    const note = <T>(ask: (context: ViewContext) => T): T => {
      const answer = ask(context);
      this.#asked.push({ ask, answer });
      return answer;
    };
    this.context = {
      now: context.now,
      canWrite: context.canWrite,
      contactOf(id) {
        const contact = contacts.get(id) ?? note((one) => one.contactOf(id));
        contacts.set(id, contact);
        return contact;
      },
      recipientsOf: (record) => note((one) => one.recipientsOf(record)),
      fileProgressOf: (hash) => note((one) => one.fileProgressOf(hash)),
      callOf: (secret, until) => note((one) => one.callOf(secret, until)),
      textOf: (hash) => note((one) => one.textOf(hash)),
    };
  }

  /** Whether another context gives the same answers, whatever its time. */
  hold(context: ViewContext): boolean {
    if (context.canWrite !== this.context.canWrite) return false;
    return this.#asked.every(({ ask, answer }) => isSame(ask(context), answer));
  }
}
