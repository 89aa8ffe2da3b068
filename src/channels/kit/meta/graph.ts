import { ConversationsError, failure } from '../../../core/failure';
import { AnswerTooLarge, type HttpRequest, type HttpResponse } from '../../../core/http';
import type { CallPorts } from '../../../core/provider';
import { call, failureOf, type FailureRow, type Named, type Refusal } from '../call';
import { harmless } from '../harmless';
import { parseAnswer, textAt, type JsonObject } from '../json';
import { graphRefusal } from './refusal';

/** What the calls of Messenger and Instagram need to know of an account. */
export interface MetaAccount {
	/** Of the Page or the Instagram account. */
	token: string;
	appId: string;
	appSecret: string;
	verifyToken: string;
	graphVersion: string;
}

/** Messenger or Instagram, with the table of its failures. */
export interface MetaChannel extends Named {
	failures: readonly FailureRow[];
}

/**
 * The request with the account's token, unless it brings one of its own: calls about the app do. In the header only: an
 * address stands in the logs of proxies. Files of people are given to whoever has their address, and get none.
 */
export function withToken(request: HttpRequest, { token }: MetaAccount): HttpRequest {
	if (!request.url.startsWith('/')) return request;
	if (request.headers?.['authorization'] !== undefined || request.query?.['access_token'] !== undefined) return request;
	return { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } };
}

/** A call that sends nothing to anybody. @throws ConversationsError when it is refused. */
export async function graph(channel: MetaChannel, ports: CallPorts<MetaAccount>, request: HttpRequest): Promise<JsonObject> {
	return await harmless(channel, () => answered(channel, ports, request));
}

/** Makes a call of the Graph API; `url` is without the version. */
async function answered(channel: MetaChannel, ports: CallPorts<MetaAccount>, request: HttpRequest): Promise<JsonObject> {
	const { credential } = ports;
	const response = await answerOf(channel, ports, { ...request, url: `/${credential.graphVersion}${request.url}` });
	const refusal = graphRefusal(response);
	if (refusal === undefined) return parseAnswer(response.bytes);
	throw new ConversationsError(failureOf(channel, channel.failures, withoutSecrets(refusal, credential)));
}

/** What an app says who it is with. */
export const appToken = ({ appId, appSecret }: MetaAccount) => `${appId}|${appSecret}`;

/** A call about the app: made in the app's own name. */
export async function graphOfApp(channel: MetaChannel, ports: CallPorts<MetaAccount>, request: HttpRequest): Promise<JsonObject> {
	return await graph(channel, ports, { ...request, headers: { authorization: `Bearer ${appToken(ports.credential)}` } });
}

/** Sends one message. @throws ConversationsError */
export async function graphSend(channel: MetaChannel, ports: CallPorts<MetaAccount>, request: HttpRequest): Promise<string> {
	const id = textAt(await answered(channel, ports, request), 'message_id');
	if (id === undefined) throw new ConversationsError(unreadable(channel));
	return id;
}

async function answerOf(channel: MetaChannel, ports: CallPorts<MetaAccount>, request: HttpRequest): Promise<HttpResponse> {
	try {
		return await call(channel, ports, request);
	} catch (error) {
		if (error instanceof AnswerTooLarge) throw new ConversationsError(unreadable(channel));
		throw error;
	}
}

function unreadable({ id, name }: Named) {
	return failure(
		'outcome_unknown',
		`${name} gave an answer that is not in its format, so it is not known whether the message was sent. Check that the credential's base URL leads to Meta.`,
		{ channel: id },
	);
}

/** Meta repeats a token that it cannot read. */
function withoutSecrets(refusal: Refusal, { token, appSecret }: MetaAccount): Refusal {
	if (refusal.message === undefined) return refusal;
	const message = [token, appSecret].filter(Boolean).reduce((text, secret) => text.replaceAll(secret, '…'), refusal.message);
	return { ...refusal, message };
}
