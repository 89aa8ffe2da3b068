import { ConversationsError } from '../../core/failure';
import type { HttpResponse } from '../../core/http';
import type { CallPorts } from '../../core/provider';
import { numberAt, parseAnswer, textAt } from '../kit/json';
import { ask } from './ask';
import { TRIAL_TIMEOUT_MS } from './facts';

/** How LINE's trial of an address went wrong. */
export interface Refused {
	/** What was answered there; 0 or less: nothing. */
	status: number;
	reason: string | null;
	detail: string | null;
}

/** Such a trial says nothing about the next one. */
const PASSING_REASON = /timeout|unclassified/i;

export const SIGNATURE_REFUSED =
	"LINE reaches n8n, but its signature does not fit the channel secret. Copy 'Channel secret' from the tab 'Basic settings' of the same channel as the token into 'Channel Secret' of the credential. If it is the same, a proxy before n8n asks LINE to log in: let LINE's calls pass there.";

/**
 * Lets LINE post an empty, signed webhook to an address: the one way to learn that the channel secret is right. Null: it
 * arrived, or LINE does not say; 60 trials an hour are allowed.
 */
export async function trial(url: string, ports: CallPorts): Promise<Refused | null> {
	const response = await answerTo(url, ports);
	if (response?.status !== 200) return null;
	const result = parseAnswer(response.bytes);
	if (result['success'] !== false) return null;
	return { status: numberAt(result, 'statusCode') ?? 0, reason: textAt(result, 'reason') ?? null, detail: textAt(result, 'detail') ?? null };
}

async function answerTo(url: string, ports: CallPorts): Promise<HttpResponse | null> {
	try {
		const body = { json: { endpoint: url } };
		return await ask(ports, { method: 'POST', url: '/v2/bot/channel/webhook/test', body, timeoutMs: TRIAL_TIMEOUT_MS });
	} catch (error) {
		if (error instanceof ConversationsError) return null;
		throw error;
	}
}

/** What a person has to do about it; null: it may pass by itself, as while n8n restarts. */
export function undelivered({ status, reason, detail }: Refused, url: string): string | null {
	if (status === 401) return SIGNATURE_REFUSED;
	if (status >= 500 || PASSING_REASON.test(reason ?? '')) return null;
	if (status > 0) {
		return `LINE reaches ${url}, but the answer there was ${status}. Check that n8n's WEBHOOK_URL leads to this n8n and that no proxy before it holds LINE's calls back.`;
	}
	return `LINE cannot deliver to ${url}: ${detail ?? 'no reason given'}. n8n needs a public https address with a certificate of a known authority: check n8n's WEBHOOK_URL, the certificate and the firewall.`;
}
