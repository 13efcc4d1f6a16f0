/** Which frames of an upload wait, are on their way, or must not be tried for now. */

/** The frames of one upload that the relay does not have; those that came first leave first. */
export class FrameQueue {
  /** Recipient (key hash) by blob id, both hexadecimal. */
  readonly #waiting = new Map<string, string>();
  readonly #flying = new Set<string>();
  /** When a recipient may be tried again, milliseconds from the Unix epoch. */
  readonly #blocked = new Map<string, number>();

  /** Frames that the relay does not have, those on their way among them. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Frames on their way. */
  get flying(): number {
    return this.#flying.size;
  }

  add(id: string, recipient: string): void {
    this.#waiting.set(id, recipient);
  }

  /** Forgets whatever is not among these ids. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.#waiting.keys()) if (!ids.has(id)) this.#waiting.delete(id);
  }

  clear(): void {
    this.#waiting.clear();
  }

  /** Sends the next frame on its way; undefined when none may leave now. */
  take(now: number): { id: string; recipient: string } | undefined {
    for (const [id, recipient] of this.#waiting) {
      if (this.#flying.has(id) || (this.#blocked.get(recipient) ?? 0) > now) continue;
      this.#flying.add(id);
      return { id, recipient };
    }
    return undefined;
  }

  /** The relay has a frame. */
  arrived(id: string): void {
    this.#flying.delete(id);
    this.#waiting.delete(id);
  }

  /** A frame could not leave; nothing for its recipient does before `until`. */
  returned(id: string, recipient: string, until: number): void {
    this.#flying.delete(id);
    this.block(recipient, until);
  }

  /** Holds back whatever goes to a recipient. */
  block(recipient: string, until: number): void {
    this.#blocked.set(recipient, Math.max(until, this.#blocked.get(recipient) ?? 0));
  }

  isBlocked(recipient: string, now: number): boolean {
    return (this.#blocked.get(recipient) ?? 0) > now;
  }

  /** Lets everything be tried at once. */
  unblock(): void {
    this.#blocked.clear();
  }

  /** Milliseconds until something that is held back may be tried again; undefined when nothing is. */
  soonest(now: number): number | undefined {
    const waits = [...this.#blocked.values()].filter((until) => until > now).map((until) => until - now);
    return waits.length === 0 ? undefined : Math.min(...waits);
  }
}
