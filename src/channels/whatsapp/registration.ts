import { ConversationsError, failure } from '../../core/failure';
import type { CallPorts, Registration } from '../../core/provider';
import { objectAt, objectsAt, textAt } from '../kit/json';
import { appSubscription, unlessUnseen, WEBHOOK_OBJECT } from './app';
import { appToken, type WhatsAppCredential } from './credential';
import { WHATSAPP } from './facts';
import { ask } from './graph';

type Ports = CallPorts<WhatsAppCredential>;

/** The field of the webhooks that carries messages and statuses. */
const WEBHOOK_FIELD = 'messages';

/**
 * The address is set for the phone number, before those of its account and of the app: other numbers and other users of
 * the app keep theirs. Meta calls a new address at once and takes it only when the handshake is answered.
 */
export const registration: Registration<WhatsAppCredential> = {
	key: (_credential, account) => `whatsapp/${account}`,

	byHand({ businessAccountId, verifyToken }, url) {
		if (businessAccountId && verifyToken) return null;
		const missing = [!businessAccountId && "'Business Account ID'", !verifyToken && "'Verify Token'"].filter(Boolean).join(' and ');
		return `Fill in ${missing} of the credential, so that the address is registered by itself. Or open Meta's App Dashboard, your app, WhatsApp > Configuration; choose 'Edit' beside 'Webhook'; enter ${url} as 'Callback URL' and the credential's 'Verify Token' as 'Verify token'; choose 'Verify and save'; and switch on the field 'messages' below.`;
	},

	async current(account, ports) {
		const answer = await ask(ports, { method: 'GET', url: `/${account}`, query: { fields: 'webhook_configuration' } });
		return { url: textAt(objectAt(answer, 'webhook_configuration'), 'phone_number') ?? null, problem: null };
	},

	async register({ url }, account, ports) {
		const { verifyToken } = ports.credential;
		await subscribeApp(ports);
		await subscribeField(url, ports);
		await configure(account, { override_callback_uri: url, verify_token: verifyToken }, ports);
	},

	remove: (account, ports) => configure(account, { override_callback_uri: '' }, ports),
};

async function configure(account: string, webhook: Record<string, string>, ports: Ports): Promise<void> {
	await ask(ports, { method: 'POST', url: `/${account}`, body: { json: { webhook_configuration: webhook } } });
}

/** Without it the app gets nothing of the account. Not repeated, since that takes away an address set for the account. */
async function subscribeApp(ports: Ports): Promise<void> {
	const { businessAccountId, appId } = ports.credential;
	const url = `/${businessAccountId}/subscribed_apps`;
	const apps = objectsAt(await unlessUnseen(() => ask(ports, { method: 'GET', url })), 'data');
	const isOurs = (app: unknown) => textAt(objectAt(app, 'whatsapp_business_api_data'), 'id') === appId;
	if (appId === '' || !apps.some(isOurs)) await ask(ports, { method: 'POST', url });
}

/**
 * The app must ask for messages at all; for that it needs an address of its own, which is ours when it has none. Whether it
 * does can be seen only with the app's secret: what cannot be seen is left as it is.
 */
async function subscribeField(callbackUrl: string, ports: Ports): Promise<void> {
	const { appId, verifyToken } = ports.credential;
	const token = appToken(ports.credential);
	if (token === null) return;
	const subscription = await appSubscription(ports);
	if (subscription === null) return;
	if (!subscription) {
		const url = `/${appId}/subscriptions`;
		const form = { object: WEBHOOK_OBJECT, callback_url: callbackUrl, verify_token: verifyToken, fields: WEBHOOK_FIELD };
		await ask(ports, { method: 'POST', url, query: { access_token: token }, body: { form } });
	} else if (!objectsAt(subscription, 'fields').some((each) => textAt(each, 'name') === WEBHOOK_FIELD)) {
		throw new ConversationsError(
			failure(
				'configuration_invalid',
				"The Meta app does not get messages of WhatsApp. Open Meta's App Dashboard, your app, WhatsApp > Configuration, and switch on the webhook field 'messages'.",
				{ channel: WHATSAPP.id },
			),
		);
	}
}
