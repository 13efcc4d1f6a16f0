import type { ErrorCode } from '@relay/protocol';
import { isRelayError, RelayError } from '@relay/protocol';
import type { TransferHandler } from 'comlink';
import { transferHandlers } from 'comlink';

interface Thrown {
  value: unknown;
}

type Serialized = { code: ErrorCode; message: string } | { other: unknown };

/** Comlink's own handler of thrown values, with the codes kept. */
class CodeKeeper implements TransferHandler<Thrown, Serialized> {
  readonly #plain: TransferHandler<Thrown, unknown>;
  readonly canHandle: TransferHandler<Thrown, Serialized>['canHandle'];

  constructor(plain: TransferHandler<Thrown, unknown>) {
    this.#plain = plain;
    this.canHandle = plain.canHandle;
  }

  serialize(thrown: Thrown): [Serialized, Transferable[]] {
    if (isRelayError(thrown.value)) {
      const { code, message } = thrown.value;
      return [{ code, message }, []];
    }
    const [other, transferables] = this.#plain.serialize(thrown);
    return [{ other }, transferables];
  }

  deserialize(serialized: Serialized): Thrown {
    if ('code' in serialized) throw new RelayError(serialized.code, serialized.message);
    return this.#plain.deserialize(serialized.other);
  }
}

/** Lets faults keep their code on the way out of the worker; called on either side of it, once or more often. */
export function keepErrorCodes(): void {
  const plain = transferHandlers.get('throw') as TransferHandler<Thrown, unknown>;
  // A second keeper around the first would speak another dialect than the other side does.
  if (!(plain instanceof CodeKeeper)) transferHandlers.set('throw', new CodeKeeper(plain));
}
