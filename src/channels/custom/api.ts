import { AnswerTooLarge, Unanswered, type HttpRequest, type HttpResponse } from '../../core/http';
import type { CallPorts } from '../../core/provider';
import type { Refusal } from '../kit/call';
import { objectAt, parseAnswer, textAt, type JsonObject } from '../kit/json';
import type { CustomCredential } from './credential';
import { IGNORED, MESSAGE_PATH, SEND_TIMEOUT_MS, TAKEN } from './facts';
import { refused, refusedInWords, unanswered, unreachable, unreadable } from './failures';
import type { OutgoingBody } from './wire';

type Ports = Pick<CallPorts<CustomCredential>, 'http' | 'now' | 'credential'>;

/** Of what a server says about a refusal, so much is kept. */
const WORDS_MAX = 500;

/** Hands one message over. The server's id for it; null: it took the message and gave none. @throws ConversationsError */
export async function postMessage(body: OutgoingBody, ports: Ports): Promise<string | null> {
	const response = await post(body, ports);
	const { status } = response;
	if (status < 200 || status >= 300) throw refused(refusalOf(response, ports));
	const text = textOf(response);
	if (text === '' || TAKEN.test(text)) return null;
	if (IGNORED.test(text)) throw refusedInWords('ignored', status, wordsOf(text, ports.credential));
	if (!isJson(text)) throw unreadable();
	const answer = parseAnswer(response.bytes);
	const id = textAt(answer, 'mId');
	if (id !== undefined) return id;
	if (saysNo(answer)) throw refusedInWords('error', status, messageOf(answer, ports.credential));
	return null;
}

/** Where messages are posted; without one it only shows whether the server is there and takes the token. */
export function messageRequest(body: object, { credential }: Ports, timeoutMs: number): HttpRequest {
	const { query } = credential;
	return { method: 'POST', url: MESSAGE_PATH, query, headers: { 'cache-control': 'no-cache' }, body: { json: body }, timeoutMs };
}

async function post(body: OutgoingBody, ports: Ports): Promise<HttpResponse> {
	try {
		return await ports.http(messageRequest(body, ports, SEND_TIMEOUT_MS));
	} catch (error) {
		if (error instanceof AnswerTooLarge) throw unreadable();
		if (!(error instanceof Unanswered)) throw error;
		throw error.when === 'before' ? unreachable() : unanswered();
	}
}

export function refusalOf(response: HttpResponse, { credential, now }: Ports): Refusal {
	const text = textOf(response);
	const message = isJson(text) ? messageOf(parseAnswer(response.bytes), credential) : wordsOf(text, credential);
	const retryAfterMs = waitOf(response.headers['retry-after'], now());
	// Words in the protocol's own form are an answer; a page is what a program that broke off leaves.
	const code = isJson(text) && message !== undefined ? String(response.status) : undefined;
	return { status: response.status, ...(code !== undefined && { code }), ...(message !== undefined && { message }), ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

export function textOf({ bytes }: HttpResponse): string {
	return Buffer.from(bytes).toString('utf8').trim();
}

/** `{"error":{"message":"…"}}` as documented; others put the words elsewhere. */
function messageOf(answer: JsonObject, credential: CustomCredential): string | undefined {
	const words = textAt(objectAt(answer, 'error'), 'message') ?? textAt(answer, 'error') ?? textAt(answer, 'message');
	return words === undefined ? undefined : wordsOf(words, credential);
}

/** Pages are no words. A server may repeat what it was sent, but the token stays a secret. */
function wordsOf(text: string, { token }: CustomCredential): string | undefined {
	if (text === '' || text.startsWith('<')) return undefined;
	return [...text.replaceAll(token, '…')].slice(0, WORDS_MAX).join('');
}

/** A success by its status only. */
function saysNo(answer: JsonObject): boolean {
	const { error, success, status } = answer;
	return Boolean(error) || success === false || status === 'error';
}

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch (error) {
		if (error instanceof SyntaxError) return false;
		throw error;
	}
}

/** Seconds, or a date. */
function waitOf(header: string | undefined, now: number): number | undefined {
	if (header === undefined) return undefined;
	const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
	return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
