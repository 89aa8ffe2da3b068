import type { EpochMs } from '../../core/channel';
import type { CallPorts, Registered, Registration } from '../../core/provider';
import { numberAt, textAt } from '../kit/json';
import { ask } from './api';
import type { TelegramCredential } from './credential';
import { ALLOWED_UPDATES, DELIVERY_NEWS_MS, MAX_CONNECTIONS, PENDING_MAX } from './facts';

type Ports = CallPorts<TelegramCredential>;

/** A bot has one address. Messages that wait while there is none, or a new one, are kept for a day. */
export const registration: Registration<TelegramCredential> = {
	key: ({ botId }) => `telegram/${botId}`,
	byHand: () => null,
	current: async (_account, ports) => await webhookInfo(ports),
	register: async ({ url, secret }, _account, ports) => {
		await ask(ports, 'setWebhook', { json: { url, secret_token: secret, allowed_updates: ALLOWED_UPDATES, max_connections: MAX_CONNECTIONS } });
	},
	remove: async (_account, ports) => {
		await ask(ports, 'deleteWebhook', { json: { drop_pending_updates: false } });
	},
};

export async function webhookInfo(ports: Ports): Promise<Registered> {
	const info = await ask(ports, 'getWebhookInfo');
	const url = textAt(info, 'url') ?? null;
	// Without an address what waits is polled.
	return { url, problem: url === null ? null : problemIn(info, ports.now()) };
}

function problemIn(info: unknown, now: EpochMs): string | null {
	const [words, seconds] = [textAt(info, 'last_error_message'), numberAt(info, 'last_error_date') ?? 0];
	if (words !== undefined && now - seconds * 1000 <= DELIVERY_NEWS_MS) {
		return `Telegram could not deliver to this address: '${words}'. Check that it can be reached from the internet; what waits is delivered then.`;
	}
	const waiting = numberAt(info, 'pending_update_count') ?? 0;
	if (waiting <= PENDING_MAX) return null;
	return `${waiting} updates wait at Telegram to be delivered. Check that this n8n answers quickly and can be reached from the internet.`;
}
