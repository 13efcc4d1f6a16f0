/** Members and faults, as the UI shows them. Ids and keys are opaque texts; times are milliseconds from the Unix epoch; sizes are bytes. */

/** A fault in words for a person, with its closed code (SPEC.md §17). */
export interface Fault {
  code: string;
  message: string;
}

/** A member of the circle, or one who was replaced or removed while this page knew it. */
export interface Contact {
  /** Hexadecimal key hash. */
  id: string;
  /** Number in the roster, from 1. */
  number: number;
  /** The name the roster gives, the same for everyone. */
  label: string;
  /** A name of this member's own choosing for it, kept on this machine only. */
  nickname?: string;
  /** What to call it: the nickname, else the label. */
  name: string;
  /** The key hash in eight groups of four hexadecimal digits. */
  fingerprint: string;
  /** Twelve groups of five digits that both ends of this pair compute alike (SPEC.md §4.1), to compare in person; absent for oneself. */
  safetyNumber?: string;
  /** What the QR code of the safety number holds: ASCII text. */
  safetyCode?: string;
  /** This member said that it compared the safety number. It belongs to this very key: a replaced member is unverified again. */
  isVerified: boolean;
  isSelf: boolean;
  /** Not in the current roster any more: can be read, not written to. */
  isFormer: boolean;
}
