/** A sealed blob, ready for upload. */
export interface Parcel {
  /** Hexadecimal blob id. */
  id: string;
  /** Hexadecimal key hash. */
  recipient: string;
  /** Upload frame, 65,616 bytes. */
  frame: Uint8Array;
}
