import type { HttpRequest, HttpResponse } from '../../core/http';
import type { CallPorts } from '../../core/provider';
import { call } from '../kit/call';
import { harmless } from '../kit/harmless';
import { parseAnswer, type JsonObject } from '../kit/json';
import { LINE } from './facts';
import { refused } from './failures';

/** A call that sends nothing to anybody, so that it can be made again when there was no answer. */
export async function ask(ports: Pick<CallPorts, 'http'>, request: HttpRequest): Promise<HttpResponse> {
	return await harmless(LINE, () => call(LINE, ports, request));
}

/** The same for a call that must be answered with 200. */
export async function askJson(ports: Pick<CallPorts, 'http'>, request: HttpRequest): Promise<JsonObject> {
	const response = await ask(ports, request);
	if (response.status !== 200) throw refused(response, 'other');
	return parseAnswer(response.bytes);
}
