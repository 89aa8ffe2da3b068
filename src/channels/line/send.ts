import type { Address, Content, SendOptions } from '../../core/channel';
import { ConversationsError, failure, type Failure } from '../../core/failure';
import type { HttpRequest, HttpResponse } from '../../core/http';
import type { SendPorts } from '../../core/provider';
import { call } from '../kit/call';
import { objectsAt, parseAnswer, textAt } from '../kit/json';
import type { LineCredential } from './credential';
import { LINE } from './facts';
import { PUSH_UNCLEAR, refusalOf, refused } from './failures';
import { messagesOf, type LineMessage } from './outbound';

type Ports = SendPorts<LineCredential>;

/** One call for the whole message: free with a reply token that is still good, else a push, which counts in the month's quota. */
export async function send(content: Content, to: Address, ports: Ports, { messageId, reply }: SendOptions): Promise<string[]> {
	const messages = await messagesOf(content, ports);
	const ids = reply !== null && reply.until > ports.now() ? await answer(reply.token, messages, ports) : null;
	return ids ?? (await push(to.user, messages, messageId, ports));
}

/** Null: the token is no good any more, and nothing was sent. */
async function answer(replyToken: string, messages: LineMessage[], ports: Ports): Promise<string[] | null> {
	const response = await call(LINE, ports, { method: 'POST', url: '/v2/bot/message/reply', body: { json: { replyToken, messages } } });
	if (response.status === 400 && /invalid reply token/i.test(refusalOf(response).message ?? '')) return null;
	if (response.status !== 200) throw refused(response, 'reply');
	return sentIds(response, messages.length) ?? unclear(NOT_KNOWN);
}

/** LINE carries out a push with the same key once in 24 hours. @see https://developers.line.biz/en/docs/messaging-api/retrying-api-request/ */
async function push(to: string, messages: LineMessage[], retryKey: string, ports: Ports): Promise<string[]> {
	const response = await pushed(ports, {
		method: 'POST',
		url: '/v2/bot/message/push',
		headers: { 'x-line-retry-key': retryKey },
		body: { json: { to, messages } },
	});
	// 409: an earlier call with this key has sent it.
	if (response.status !== 200 && response.status !== 409) throw refused(response, 'push');
	return sentIds(response, messages.length) ?? acceptedIds(response, messages.length, retryKey) ?? unclear(REPEATABLE);
}

async function pushed(ports: Ports, request: HttpRequest): Promise<HttpResponse> {
	try {
		return await call(LINE, ports, request);
	} catch (error) {
		if (error instanceof ConversationsError && error.failure.code === 'outcome_unknown') return unclear(REPEATABLE);
		throw error;
	}
}

/** An id for each message, or null: it is not LINE's answer. */
function sentIds({ bytes }: HttpResponse, count: number): string[] | null {
	const ids = objectsAt(parseAnswer(bytes), 'sentMessages').flatMap((sent) => textAt(sent, 'id') ?? []);
	return ids.length === count ? ids : null;
}

/** Of a push that was accepted before, when LINE does not name its messages: by the earlier call, or by our key. */
function acceptedIds({ status, headers }: HttpResponse, count: number, retryKey: string): string[] | null {
	if (status !== 409) return null;
	const earlier = headers['x-line-accepted-request-id'] ?? retryKey;
	return Array.from({ length: count }, (_, index) => `request:${earlier}:${index}`);
}

const NOT_KNOWN = failure(
	'outcome_unknown',
	"The answer was not LINE's, so it is not known whether the message was sent. Check 'Base URL' of the credential. It is not sent again, so that the contact does not get it twice.",
	{ channel: LINE.id },
);
const REPEATABLE = failure('outcome_unknown', PUSH_UNCLEAR, { channel: LINE.id, retryable: true });

function unclear(what: Failure): never {
	throw new ConversationsError(what);
}
