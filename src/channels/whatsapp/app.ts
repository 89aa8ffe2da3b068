import { ConversationsError } from '../../core/failure';
import type { CallPorts } from '../../core/provider';
import { objectsAt, textAt, type JsonObject } from '../kit/json';
import { isAboutToken } from '../kit/meta/refusal';
import { appToken, type WhatsAppCredential } from './credential';
import { APP_FAILURES } from './failures';
import { ask } from './graph';

type Ports = CallPorts<WhatsAppCredential>;

/** The kind of webhooks that carries messages and statuses. */
export const WEBHOOK_OBJECT = 'whatsapp_business_account';

/**
 * What a look-up tells; null when it is refused: a gateway may not offer it, the token may not see it, and neither says
 * anything about what was asked. @throws ConversationsError for a wrong token, and for what may pass by itself.
 */
export async function unlessUnseen<T>(work: () => Promise<T>): Promise<T | null> {
	try {
		return await work();
	} catch (error) {
		if (!(error instanceof ConversationsError)) throw error;
		if (error.failure.retryable || isAboutToken(error.failure)) throw error;
		return null;
	}
}

/**
 * The app's own webhook: undefined when it has none, null when that cannot be seen. Only the app itself may ask, so it needs
 * the app's secret. @throws ConversationsError when the App ID and App Secret do not belong together.
 */
export async function appSubscription(ports: Ports): Promise<JsonObject | undefined | null> {
	const token = appToken(ports.credential);
	if (token === null) return null;
	const url = `/${ports.credential.appId}/subscriptions`;
	const answer = await unlessUnseen(() => ask(ports, { method: 'GET', url, query: { access_token: token } }, APP_FAILURES));
	if (answer === null || !Array.isArray(answer['data'])) return null;
	return objectsAt(answer, 'data').find((each) => textAt(each, 'object') === WEBHOOK_OBJECT);
}
