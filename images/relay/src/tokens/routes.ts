import { b64, ROUTES, TOKEN_BATCH, TOKEN_ELEMENT_BYTES } from '@relay/protocol/wire';
import type { Express } from 'express';
import { waitForTurn } from '../http/account.ts';
import { readBytes } from '../http/body.ts';
import { authenticateRequest } from '../sessions/routes.ts';
import type { SessionService } from '../sessions/service.ts';
import type { TokenService } from './service.ts';

const DRAW = { least: TOKEN_BATCH * TOKEN_ELEMENT_BYTES, most: TOKEN_BATCH * TOKEN_ELEMENT_BYTES };

/** A batch is so many times the work of another request. */
const DRAW_TURNS = 5;

/** Adds `GET /v1/token-keys` and `POST /v1/tokens`. */
export function addTokenRoutes(app: Express, sessions: SessionService, tokens: TokenService): void {
  app.get(ROUTES.tokenKeys, async (_request, response) => {
    const keys = await tokens.listKeys();
    response.json({ keys: keys.map((key) => ({ ...key, publicKey: b64(key.publicKey) })) });
  });

  app.post(ROUTES.tokens, async (request, response) => {
    const { keyHash } = await authenticateRequest(sessions, request);
    await waitForTurn(request, response, DRAW_TURNS);
    const { epoch, publicKey, evaluated, proof } = await tokens.draw(keyHash, await readBytes(request, DRAW));
    response.json({ epoch, publicKey: b64(publicKey), evaluated: b64(evaluated), proof: b64(proof) });
  });
}
