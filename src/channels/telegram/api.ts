import { ConversationsError } from '../../core/failure';
import type { HttpBody, HttpResponse } from '../../core/http';
import type { CallPorts } from '../../core/provider';
import { call } from '../kit/call';
import { harmless } from '../kit/harmless';
import { parseAnswer } from '../kit/json';
import { TELEGRAM } from './facts';
import { refuse, unexpectedAnswer } from './failures';

interface Reading {
	timeoutMs?: number;
	maxBytes?: number;
}

/** Calls a method that sends something. @throws ConversationsError */
export async function invoke(ports: Pick<CallPorts, 'http'>, method: string, body?: HttpBody, reading: Reading = {}): Promise<unknown> {
	const request = { method: 'POST', url: `/${method}`, ...(body && { body }), ...reading } as const;
	return resultOf(await call(TELEGRAM, ports, request));
}

/** Calls a method that may be called again without harm. @throws ConversationsError */
export async function ask(ports: Pick<CallPorts, 'http'>, method: string, body?: HttpBody, reading: Reading = {}): Promise<unknown> {
	return await harmless(TELEGRAM, () => invoke(ports, method, body, reading));
}

function resultOf(response: HttpResponse): unknown {
	const answer = parseAnswer(response.bytes);
	if (response.status >= 400 || answer['ok'] === false) refuse(response);
	if (response.status >= 300 || answer['ok'] !== true) throw new ConversationsError(unexpectedAnswer());
	return answer['result'];
}
