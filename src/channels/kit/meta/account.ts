import { ConversationsError, failure, mayPass, type FailureCode } from '../../../core/failure';
import { Unanswered, type HttpResponse } from '../../../core/http';
import type { CallPorts, CredentialFields, FetchedFile } from '../../../core/provider';
import type { MediaSource } from '../../../core/message-parts';
import type { Named } from '../call';
import { field } from '../credential';
import type { JsonObject } from '../json';
import { GRAPH_VERSION } from './refusal';
import { graph, graphOfApp, type MetaAccount, type MetaChannel } from './graph';
import { MEDIA_TIMEOUT_MS } from './messaging-send';

/** The fields of a credential that Messenger and Instagram have in common. */
export function readApp(fields: CredentialFields): Omit<MetaAccount, 'token'> {
	return {
		appId: field(fields, 'appId'),
		appSecret: field(fields, 'appSecret'),
		verifyToken: field(fields, 'verifyToken'),
		graphVersion: field(fields, 'graphVersion', GRAPH_VERSION),
	};
}

/** A refusal found by testing a credential, with a sentence that names the cause. */
export function setupRefusal({ id }: Named, reason: string, cause?: ConversationsError, code: FailureCode = 'configuration_invalid') {
	const { providerCode = null, providerMessage = null } = cause?.failure ?? {};
	return new ConversationsError(failure(code, reason, { channel: id, providerCode, providerMessage }), [], { cause });
}

/** Whether the provider refused, rather than could not answer. */
export function isRefusal(error: unknown): error is ConversationsError {
	return error instanceof ConversationsError && !mayPass(error.failure);
}

/** What Meta says of an address at which there is nothing, or of a call that it does not know. */
const ABSENT: ReadonlySet<FailureCode> = new Set(['rejected', 'content_unsupported']);

/** Whether it only says that there is nothing at this address, as a gateway that passes on some calls does. */
export function isAbsent(error: unknown): boolean {
	return error instanceof ConversationsError && (ABSENT.has(error.failure.code) || error.failure.providerCode === '100/33');
}

/** An app that Meta does not know, and a secret that is not its own, where it does not say 190. From memory. */
const WRONG_APP = /^(101|401|403)(\/|$)/;
const WRONG_SECRET = /validating (application|client secret)/i;

/** Whether 'App ID' and 'App Secret' are of one app; says nothing when one of them is empty. @throws ConversationsError */
export async function checkApp(channel: MetaChannel, ports: CallPorts<MetaAccount>, base?: string): Promise<void> {
	const { appId, appSecret } = ports.credential;
	if (appId === '' || appSecret === '') return;
	try {
		await graphOfApp(channel, ports, { method: 'GET', url: `/${appId}/subscriptions`, ...(base !== undefined && { base }) });
	} catch (error) {
		if (!(error instanceof ConversationsError)) throw error;
		const { providerCode, providerMessage } = error.failure;
		const isNamed = WRONG_APP.test(providerCode ?? '') || WRONG_SECRET.test(providerMessage ?? '');
		if (!isNamed && !isRefusal(error)) throw error;
		if (!isNamed && isAbsent(error)) return;
		const reason = "'App ID' and 'App Secret' do not belong together. Copy both from 'App settings' > 'Basic' of the same app in Meta's App Dashboard.";
		throw setupRefusal(channel, reason, error, 'credential_invalid');
	}
}

/** What is answered instead of a person: unknown, without consent, or without the permission to see people. */
const NO_PROFILE = /^(404$|2018218$|(\d+\/)?2018218$|100\/33$|10(\/|$)|3(\/|$)|2\d\d(\/|$)|230(\/|$))/;

/** What Meta tells of a person; null: nothing. @throws ConversationsError */
export async function personOf(channel: MetaChannel, ports: CallPorts<MetaAccount>, user: string, fields: string): Promise<JsonObject | null> {
	try {
		return await graph(channel, ports, { method: 'GET', url: `/${encodeURIComponent(user)}`, query: { fields } });
	} catch (error) {
		if (error instanceof ConversationsError && NO_PROFILE.test(error.failure.providerCode ?? '')) return null;
		throw error;
	}
}

/** A file of a received message: its address is its own permission, and works for a while. @throws ConversationsError, AnswerTooLarge */
export async function fetchFile({ id, name }: Named, source: MediaSource, maxBytes: number, ports: CallPorts<MetaAccount>): Promise<FetchedFile> {
	const refuse = (code: FailureCode, reason: string, status?: number) =>
		new ConversationsError(failure(code, reason, { channel: id, ...(status !== undefined && { providerCode: String(status) }) }));
	let response: HttpResponse;
	try {
		response = await ports.http({ method: 'GET', url: source['url'] ?? '/', maxBytes, timeoutMs: MEDIA_TIMEOUT_MS });
	} catch (error) {
		if (error instanceof Unanswered) throw refuse('provider_unavailable', `${name}'s file server cannot be reached. Check that this n8n has access to the internet.`);
		throw error;
	}
	const { status, bytes, headers } = response;
	if (status >= 500 || status === 429) throw refuse('provider_unavailable', `${name}'s file server is out of order for the moment. Try again later.`, status);
	if (status < 200 || status >= 300) {
		throw refuse('rejected', `${name} no longer gives out this file: its addresses work for a limited time. Look at it in the inbox of the account.`, status);
	}
	return { bytes, mime: headers['content-type'] ?? null, name: null };
}
