import type { RelayHttp } from '@relay/client/headless';
import { beginDraw, encodeToken, finishDraw } from '@relay/protocol';

/**
 * Blind tokens of a session, drawn in batches of 64 as they are needed.
 * @param session of the member who draws
 * @returns gives another one each time, 100 bytes
 */
export function tokenSource(http: RelayHttp, session: Uint8Array): () => Promise<Uint8Array> {
  const stock: Uint8Array[] = [];
  return async () => {
    if (stock.length === 0) {
      const draw = beginDraw();
      const grant = await http.drawTokens(session, draw.request);
      stock.push(...finishDraw(grant, draw, grant.evaluated, grant.proof).map(encodeToken));
    }
    return stock.pop() as Uint8Array;
  };
}
