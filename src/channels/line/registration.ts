import { ConversationsError, failure } from '../../core/failure';
import type { CallPorts, Registered, Registration } from '../../core/provider';
import { parseAnswer, textAt } from '../kit/json';
import { ask } from './ask';
import type { LineCredential } from './credential';
import { LINE } from './facts';
import { refused } from './failures';
import { SIGNATURE_REFUSED, trial, undelivered } from './trial';

const ENDPOINT = '/v2/bot/channel/webhook/endpoint';
/** How our addresses end. Only these are tried out: another program's are left in peace. */
const OURS = /\/conversations\/line$/;

const SWITCHED_OFF =
	"LINE sends nothing because 'Use webhook' is off. In the LINE Developers Console open your provider, then the channel, tab 'Messaging API', section 'Webhook settings', and switch on 'Use webhook'.";

/** Source: Messaging API reference, 'Webhook settings'; read 2026-11-21. */
export const registration: Registration<LineCredential> = {
	key: (_credential, account) => `line/${account}`,
	byHand: () => null,
	current: (_account, ports) => current(ports),

	/**
	 * Stops for what the credential or the address must be changed for. What may be put right at LINE or on the way there
	 * is told by `current`: it needs no other address.
	 */
	async register({ url }, _account, ports) {
		const response = await ask(ports, { method: 'PUT', url: ENDPOINT, body: { json: { endpoint: url } } });
		if (response.status !== 200) throw refused(response, 'address');
		const result = await trial(url, ports);
		if (result?.status !== 401) return;
		throw new ConversationsError(
			failure('credential_invalid', SIGNATURE_REFUSED, { channel: LINE.id, providerCode: result.reason, providerMessage: result.detail }),
		);
	},

	// LINE's API replaces an address but has no call that takes it away. What comes to a dead address is lost either way.
	remove: () => Promise.resolve(),
};

export async function current(ports: CallPorts): Promise<Registered> {
	const response = await ask(ports, { method: 'GET', url: ENDPOINT });
	// 404: none is set. The others come from a gateway that does not pass this call on.
	if ([404, 405, 501].includes(response.status)) return { url: null, problem: null };
	if (response.status !== 200) throw refused(response, 'other');
	const answer = parseAnswer(response.bytes);
	const url = textAt(answer, 'endpoint') ?? null;
	if (answer['active'] === false) return { url, problem: SWITCHED_OFF };
	const result = url !== null && OURS.test(url) ? await trial(url, ports) : null;
	return { url, problem: url === null || result === null ? null : undelivered(result, url) };
}
