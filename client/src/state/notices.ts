import type { ErrorCode } from '@relay/protocol';
import { faultOf } from './fault.ts';
import type { Contact, Notice } from './model.ts';

/** What was refused, so that nothing disappears in silence. The same fault of the same member is told once. */
export class Notices {
  readonly #members: readonly Contact[];
  #list: Notice[] = [];

  /** @param members every member of the circle */
  constructor(members: readonly Contact[]) {
    this.#members = members;
  }

  /** Those not dismissed. */
  get list(): Notice[] {
    return this.#list;
  }

  /** Adds a fault; `sender` is the hexadecimal key hash that the blob bears, where it bears one. */
  add(code: ErrorCode, sender: string | undefined): void {
    const key = `${code}/${sender ?? ''}`;
    if (this.#list.some((notice) => notice.key === key)) return;
    const from = this.#members.find(({ id }) => id === sender);
    this.#list = [...this.#list, { key, fault: faultOf(code), ...(from === undefined ? {} : { from }) }];
  }

  /** Removes one. */
  dismiss(key: string): void {
    this.#list = this.#list.filter((notice) => notice.key !== key);
  }
}
