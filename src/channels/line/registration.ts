import { ConversationsError, failure } from '../../core/failure';
import type { CallPorts, Registered, Registration } from '../../core/provider';
import { numberAt, parseAnswer, textAt, type JsonObject } from '../kit/json';
import { ask, askJson } from './ask';
import type { LineCredential } from './credential';
import { LINE } from './facts';
import { refused } from './failures';

const ENDPOINT = '/v2/bot/channel/webhook/endpoint';

const SWITCHED_OFF =
	"LINE sends nothing because 'Use webhook' is off. In the LINE Developers Console open your provider, then the channel, tab 'Messaging API', section 'Webhook settings', and switch on 'Use webhook'.";

/** Source: Messaging API reference, 'Webhook settings'; read 2026-11-21. */
export const registration: Registration<LineCredential> = {
	key: (_credential, account) => `line/${account}`,
	byHand: () => null,
	current: (_account, ports) => current(ports),

	async register({ url }, _account, ports) {
		await askJson(ports, { method: 'PUT', url: ENDPOINT, body: { json: { endpoint: url } } });
		const { problem } = await current(ports);
		if (problem !== null) throw misconfigured(problem);
		await testDelivery(url, ports);
	},

	// LINE's API replaces an address but has no call that takes it away. What comes to a dead address is lost either way.
	remove: () => Promise.resolve(),
};

export async function current(ports: CallPorts): Promise<Registered> {
	const response = await ask(ports, { method: 'GET', url: ENDPOINT });
	if (response.status === 404) return { url: null, problem: null };
	if (response.status !== 200) throw refused(response, 'other');
	const answer = parseAnswer(response.bytes);
	return { url: textAt(answer, 'endpoint') ?? null, problem: answer['active'] === false ? SWITCHED_OFF : null };
}

/** Lets LINE post an empty, signed webhook to us: the one way to learn that the channel secret is right. */
async function testDelivery(url: string, ports: CallPorts): Promise<void> {
	const response = await ask(ports, { method: 'POST', url: '/v2/bot/channel/webhook/test', body: { json: { endpoint: url } } });
	// 60 tests an hour are allowed. The address is registered all the same.
	if (response.status === 429) return;
	if (response.status !== 200) throw refused(response, 'other');
	const result = parseAnswer(response.bytes);
	if (result['success'] !== true) throw misconfigured(undelivered(result, url), result);
}

function undelivered(result: JsonObject, url: string): string {
	const status = numberAt(result, 'statusCode') ?? 0;
	if (status === 401) {
		return "LINE reaches n8n, but its signature does not fit the channel secret. Copy 'Channel secret' from the tab 'Basic settings' of the same channel as the token into 'Channel Secret' of the credential.";
	}
	if (status > 0) {
		return `LINE reaches ${url}, but the answer there was ${status}. Check that n8n's WEBHOOK_URL leads to this n8n and that no proxy before it holds LINE's calls back.`;
	}
	return `LINE cannot deliver to ${url}: ${textAt(result, 'detail') ?? 'no reason given'}. n8n needs a public https address with a certificate of a known authority: check n8n's WEBHOOK_URL, the certificate and the firewall.`;
}

function misconfigured(reason: string, result?: JsonObject): ConversationsError {
	return new ConversationsError(
		failure('configuration_invalid', reason, {
			channel: LINE.id,
			providerCode: textAt(result, 'reason') ?? null,
			providerMessage: textAt(result, 'detail') ?? null,
		}),
	);
}
