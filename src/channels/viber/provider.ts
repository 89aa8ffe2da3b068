import type { CallPorts, Provider, Registration } from '../../core/provider';
import { harmless } from '../kit/harmless';
import { numberAt, textAt } from '../kit/json';
import { API_PATH, ask } from './api';
import { readCredential, type ViberCredential } from './credential';
import { EVENT_TYPES, VIBER } from './facts';
import { unknownOutcome } from './failures';
import { fetchMedia } from './media';

type Ports = CallPorts<ViberCredential>;

/** Always with the bot's id. */
const accountInfo = (ports: Ports) =>
	harmless(VIBER, async () => {
		const info = await ask(ports, 'get_account_info', {});
		const id = textAt(info, 'id');
		if (id === undefined) throw unknownOutcome();
		return { ...info, id };
	});

async function account(ports: Ports): Promise<string> {
	return (await accountInfo(ports)).id;
}

async function test(ports: Ports): Promise<string> {
	const info = await accountInfo(ports);
	const name = textAt(info, 'name') ?? textAt(info, 'uri') ?? info.id;
	const subscribers = numberAt(info, 'subscribers_count');
	const count = subscribers === undefined ? '' : ` It has ${subscribers} ${subscribers === 1 ? 'subscriber' : 'subscribers'}.`;
	return `Connected to the bot ${name}.${count}`;
}

const registration: Registration<ViberCredential> = {
	// A bot has one address.
	key: (_credential, account) => `viber/${account}`,
	byHand: () => null,
	async current(_account, ports) {
		return { url: textAt(await accountInfo(ports), 'webhook') ?? null, problem: null };
	},
	/** Viber calls the address before it answers. What it could not deliver meanwhile it tries again for an hour. */
	async register({ url }, _account, ports) {
		await ask(ports, 'set_webhook', { url, event_types: EVENT_TYPES, send_name: true, send_photo: false });
	},
	async remove(_account, ports) {
		await ask(ports, 'set_webhook', { url: '' });
	},
};

export const provider: Provider<ViberCredential> = {
	credentialType: 'conversationsViberApi',
	read: readCredential,
	bases: ({ baseUrl }) => ({ baseUrl }),
	secretHosts: [],
	authorize: (request, { authToken }) =>
		request.url.startsWith(API_PATH) ? { ...request, headers: { ...request.headers, 'x-viber-auth-token': authToken } } : request,
	secretOf: ({ authToken }) => authToken,
	account,
	test,
	registration,
	monthlyQuota: ({ freeMessagesPerMonth }) => freeMessagesPerMonth,
	fetchMedia,
};
