import type { ErrorCode } from '@relay/protocol';
import { faultOf } from './fault.ts';
import type { Contact, Fault, Notice } from './model.ts';

/** What was refused, so that nothing disappears in silence. The same fault of the same member is told once. */
export class Notices {
  readonly #contactOf: (id: string) => Contact;
  #list: Notice[] = [];

  /** @param contactOf names a member by its key hash, hexadecimal */
  constructor(contactOf: (id: string) => Contact) {
    this.#contactOf = contactOf;
  }

  /** Those not dismissed. */
  get list(): Notice[] {
    return this.#list;
  }

  /** Adds a fault; `sender` is the hexadecimal key hash that the blob bears, where it bears one. */
  add(code: ErrorCode, sender: string | undefined): void {
    this.addFault(faultOf(code), sender);
  }

  /** Adds a fault in words of its own. */
  addFault(fault: Fault, sender: string | undefined): void {
    const key = keyOf(fault.code, sender);
    if (this.#list.some((notice) => notice.key === key)) return;
    const from = sender === undefined ? {} : { from: this.#contactOf(sender) };
    this.#list = [...this.#list, { key, fault, ...from }];
  }

  /** Removes a fault of which what was refused is looked at again. */
  withdraw(code: ErrorCode, sender: string | undefined): void {
    this.dismiss(keyOf(code, sender));
  }

  /** Removes one. */
  dismiss(key: string): void {
    this.#list = this.#list.filter((notice) => notice.key !== key);
  }
}

function keyOf(code: string, sender: string | undefined): string {
  return `${code}/${sender ?? ''}`;
}
