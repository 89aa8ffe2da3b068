import { ConversationsError } from '../../core/failure';
import type { HttpRequest, HttpResponse } from '../../core/http';
import type { CallPorts } from '../../core/provider';
import { call } from '../kit/call';
import { harmless } from '../kit/harmless';
import { numberAt, parseAnswer, textAt, type JsonObject } from '../kit/json';
import { WECHAT } from './facts';
import { refused, unknownOutcome } from './failures';

type Ports = Pick<CallPorts, 'http'>;

const OK = '0';

/** WeChat's methods stand below this path. */
export const API_PATH = '/cgi-bin/';

/** Hands a message over. WeChat gives it no id. @throws ConversationsError */
export async function sendMessage(ports: Ports, message: object): Promise<void> {
	const answer = answerOf(await call(WECHAT, ports, { method: 'POST', url: `${API_PATH}message/custom/send`, body: { json: message } }));
	if (textAt(answer, 'errcode') !== OK) throw unknownOutcome();
}

/**
 * A call that sends no message; `read` finds in the answer what was asked for, or it is not WeChat's. No answer at all is no
 * reason to fear that something was sent. @throws ConversationsError
 */
export async function ask<T>(ports: Ports, request: HttpRequest, read: (answer: JsonObject) => T | undefined): Promise<T> {
	return await harmless(WECHAT, async () => {
		const found = read(answerOf(await call(WECHAT, ports, request)));
		if (found === undefined) throw unknownOutcome();
		return found;
	});
}

/** Empty when it is not in WeChat's format. @throws ConversationsError for a refusal, which HTTP calls 200. */
export function answerOf({ status, headers, bytes }: HttpResponse): JsonObject {
	const answer = parseAnswer(bytes);
	const code = textAt(answer, 'errcode') ?? OK;
	if (status < 300 && code === OK) return answer;
	const message = textAt(answer, 'errmsg');
	const seconds = numberAt(headers, 'retry-after');
	throw refused({
		status,
		...(code !== OK && { code }),
		...(message !== undefined && { message }),
		...(seconds !== undefined && { retryAfterMs: seconds * 1000 }),
	});
}

/** The code with which WeChat refused; undefined for anything else. */
export function codeOf(error: unknown): string | undefined {
	return error instanceof ConversationsError ? (error.failure.providerCode ?? undefined) : undefined;
}
