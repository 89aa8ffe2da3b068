import type { HttpResponse } from '../../core/http';
import type { CallPorts } from '../../core/provider';
import { call } from '../kit/call';
import { harmless } from '../kit/harmless';
import { numberAt, parseAnswer, textAt, type JsonObject } from '../kit/json';
import { VIBER } from './facts';
import { refused, unknownOutcome } from './failures';

const OK = '0';

/** All of Viber's methods stand below this path; nothing else is given the token. */
export const API_PATH = '/pa/';

/** Hands a message over and returns its token, 19 digits, as text. @throws ConversationsError */
export async function sendMessage(ports: Pick<CallPorts, 'http'>, message: JsonObject): Promise<string> {
	const answer = answerOf(await post(ports, 'send_message', message));
	const token = answer && textAt(answer, 'message_token');
	if (token === undefined) throw unknownOutcome();
	return token;
}

/** A call that sends no message: no answer at all is no reason to fear that something was sent. @throws ConversationsError */
export async function ask(ports: Pick<CallPorts, 'http'>, method: string, body: JsonObject): Promise<JsonObject> {
	return await harmless(VIBER, async () => {
		const answer = answerOf(await post(ports, method, body));
		if (!answer) throw unknownOutcome();
		return answer;
	});
}

function post(ports: Pick<CallPorts, 'http'>, method: string, body: JsonObject): Promise<HttpResponse> {
	return call(VIBER, ports, { method: 'POST', url: `${API_PATH}${method}`, body: { json: body } });
}

/** The answer when all is well; undefined when it is not in Viber's format. HTTP says 200 for refusals too. */
function answerOf({ status, headers, bytes }: HttpResponse): JsonObject | undefined {
	const answer = parseAnswer(bytes);
	const code = textAt(answer, 'status');
	if (status < 300 && code === undefined) return undefined;
	if (status < 300 && code === OK) return answer;
	const message = textAt(answer, 'status_message');
	const seconds = numberAt(headers, 'retry-after');
	throw refused({
		status,
		...(code !== undefined && code !== OK && { code }),
		...(message !== undefined && { message }),
		...(seconds !== undefined && { retryAfterMs: seconds * 1000 }),
	});
}
