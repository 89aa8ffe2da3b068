import { ConversationsError, failure } from '../../core/failure';
import type { Profile } from '../../core/message-parts';
import type { CallPorts, Provider } from '../../core/provider';
import { numberAt, parseAnswer, textAt, type JsonObject } from '../kit/json';
import { ask, askJson } from './ask';
import { authorize, read, type LineCredential } from './credential';
import { LINE } from './facts';
import { refused } from './failures';
import { fetchMedia } from './media';
import { current, registration } from './registration';

export const provider: Provider<LineCredential> = {
	credentialType: 'conversationsLineApi',
	read,
	bases: ({ baseUrl, dataBaseUrl }) => ({ baseUrl, dataBaseUrl }),
	secretHosts: [],
	authorize,
	secretOf: ({ channelSecret }) => channelSecret,
	account: async (ports) => (await bot(ports)).id,
	test,
	registration,
	profile,
	fetchMedia,
};

/** The bot's own user id is the `destination` of its webhooks. */
async function bot(ports: CallPorts): Promise<{ id: string; answer: JsonObject }> {
	const answer = await askJson(ports, { method: 'GET', url: '/v2/bot/info' });
	const id = textAt(answer, 'userId');
	if (id !== undefined) return { id, answer };
	throw new ConversationsError(
		failure('configuration_invalid', "The address in 'Base URL' of the credential does not answer like LINE. Use https://api.line.me, or the address of your own gateway.", {
			channel: LINE.id,
		}),
	);
}

/** The channel secret is not among what LINE tells: it shows when the trigger is activated. */
async function test(ports: CallPorts): Promise<string> {
	const { answer } = await bot(ports);
	const problem = await addressProblem(ports);
	const name = [textAt(answer, 'displayName'), textAt(answer, 'basicId') && `(${textAt(answer, 'basicId')})`].filter(Boolean).join(' ');
	const sentences = [
		`Connected to the LINE account ${name}.`,
		await usage(ports),
		problem,
		textAt(answer, 'chatMode') === 'chat' &&
			"'Chat' is on in LINE Official Account Manager: what is answered there by hand does not come to n8n.",
	];
	return sentences.filter(Boolean).join(' ');
}

/** Why nothing would arrive; null also where LINE cannot say now, which is not the credential's matter. */
async function addressProblem(ports: CallPorts): Promise<string | null> {
	try {
		return (await current(ports)).problem;
	} catch (error) {
		if (error instanceof ConversationsError && error.failure.retryable) return null;
		throw error;
	}
}

/** How much of the month's messages is gone; null where LINE does not say. */
async function usage(ports: CallPorts): Promise<string | null> {
	const quota = await ask(ports, { method: 'GET', url: '/v2/bot/message/quota' });
	const consumption = await ask(ports, { method: 'GET', url: '/v2/bot/message/quota/consumption' });
	const used = numberAt(parseAnswer(consumption.bytes), 'totalUsage');
	if (used === undefined) return null;
	const limit = numberAt(parseAnswer(quota.bytes), 'value');
	return limit === undefined ? `${used} messages used this month.` : `${used} of ${limit} messages used this month.`;
}

/** Null for people who have not added the account, blocked it or keep their profile to themselves. */
async function profile(user: string, _account: string, ports: CallPorts): Promise<Profile | null> {
	const response = await ask(ports, { method: 'GET', url: `/v2/bot/profile/${encodeURIComponent(user)}` });
	if (response.status === 404) return null;
	if (response.status !== 200) throw refused(response, 'other');
	const answer = parseAnswer(response.bytes);
	const [name, language] = [textAt(answer, 'displayName'), textAt(answer, 'language')];
	return { ...(name !== undefined && { name }), ...(language !== undefined && { language }) };
}
