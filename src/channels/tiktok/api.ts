import type { HttpRequest, HttpResponse } from '../../core/http';
import type { CallPorts } from '../../core/provider';
import { call, type FailureRow } from '../kit/call';
import { harmless } from '../kit/harmless';
import { numberAt, objectAt, parseAnswer, textAt, type JsonObject } from '../kit/json';
import { PATHS, TIKTOK } from './facts';
import { refused, unknownOutcome } from './failures';
import type { OutgoingMessage } from './wire';

type Ports = Pick<CallPorts, 'http'>;

const OK = '0';

/** Hands a message over and returns its id. @throws ConversationsError */
export async function sendMessage(ports: Ports, message: OutgoingMessage): Promise<string> {
	const data = dataOf(await call(TIKTOK, ports, { method: 'POST', url: PATHS.send, body: { json: message } }), []);
	const id = textAt(objectAt(data, 'message'), 'message_id');
	if (id === undefined) throw unknownOutcome();
	return id;
}

/** A call that sends no message: no answer at all is no reason to fear that something was sent. @throws ConversationsError */
export async function ask(ports: Ports, request: HttpRequest, rows: readonly FailureRow[] = []): Promise<JsonObject> {
	return await harmless(TIKTOK, async () => dataOf(await call(TIKTOK, ports, request), rows));
}

/** The same for one field, without which the answer says nothing. @throws ConversationsError */
export async function askFor(name: string, ports: Ports, request: HttpRequest, rows: readonly FailureRow[] = []): Promise<string> {
	return await harmless(TIKTOK, async () => {
		const value = textAt(await ask(ports, request, rows), name);
		if (value === undefined) throw unknownOutcome();
		return value;
	});
}

/** The code of an answer, also of a refusal; undefined when it is not in TikTok's format. */
export function codeOf({ bytes }: HttpResponse): string | undefined {
	// Files come this way, too: only what begins like an object is read.
	return bytes[0] === '{'.charCodeAt(0) ? textAt(parseAnswer(bytes), 'code') : undefined;
}

/** `data` of an answer when all is well. HTTP says 200 for refusals too. @throws ConversationsError */
function dataOf({ status, headers, bytes }: HttpResponse, rows: readonly FailureRow[]): JsonObject {
	const answer = parseAnswer(bytes);
	const code = textAt(answer, 'code');
	if (status < 300 && code === undefined) throw unknownOutcome();
	if (status < 300 && code === OK) return objectAt(answer, 'data');
	const [message, trace] = [textAt(answer, 'message'), textAt(answer, 'request_id') ?? textAt(answer, 'log_id') ?? headers['x-tt-logid']];
	const seconds = numberAt(headers, 'retry-after');
	throw refused(
		{
			status,
			...(code !== undefined && code !== OK && { code }),
			...(message !== undefined && { message }),
			...(trace !== undefined && { trace }),
			...(seconds !== undefined && { retryAfterMs: seconds * 1000 }),
		},
		rows,
	);
}
