import type { CallPorts, Registered, Registration } from '../../core/provider';
import { textAt } from '../kit/json';
import { ask } from './api';
import type { TikTokCredential } from './credential';
import { EVENT_TYPE, PATHS } from './facts';
import { APP_FAILURES } from './failures';

type Ports = CallPorts<TikTokCredential>;

const appOf = ({ appId, appSecret }: TikTokCredential) => ({ app_id: appId, secret: appSecret, event_type: EVENT_TYPE });

/** One address for the app, whoever of its accounts is written to. */
export const registration: Registration<TikTokCredential> = {
	key: ({ appId }) => `tiktok/${appId}`,
	isShared: true,
	byHand: () => null,
	current: (_account, ports) => current(ports),
	async register({ url }, _account, ports) {
		await change(PATHS.setWebhook, { callback_url: url }, ports);
	},
	async remove(_account, ports) {
		await change(PATHS.deleteWebhook, {}, ports);
	},
};

/** Where direct messages go; without an address none is set. */
export async function current(ports: Ports): Promise<Registered> {
	const data = await ask(ports, { method: 'GET', url: PATHS.webhook, query: appOf(ports.credential) }, APP_FAILURES);
	return { url: textAt(data, 'callback_url') ?? null, problem: null };
}

async function change(url: string, more: Readonly<Record<string, string>>, ports: Ports): Promise<void> {
	await ask(ports, { method: 'POST', url, body: { json: { ...appOf(ports.credential), ...more } } }, APP_FAILURES);
}
