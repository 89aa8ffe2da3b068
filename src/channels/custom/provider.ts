import { ConversationsError, failure } from '../../core/failure';
import { AnswerTooLarge, Unanswered, type HttpResponse } from '../../core/http';
import type { CallPorts, Provider, Registration } from '../../core/provider';
import { messageRequest, refusalOf, textOf } from './api';
import { authorize, readCredential, type CustomCredential } from './credential';
import { CUSTOM, TEST_TIMEOUT_MS } from './facts';
import { refused, unreachable } from './failures';
import { fetchMedia } from './media';

type Ports = CallPorts<CustomCredential>;

/** What a gateway says whose server is not there. */
const GATEWAY: readonly number[] = [502, 503, 504];
/** What says that the token or the address is wrong. Any other refusal is of the message, which was none. */
const TOLD_APART: readonly number[] = [401, 403, 404, 405, 410];

const GATEWAY_SENTENCE = (status: number) =>
	`A gateway answers at this address, but not the integration server behind it (status ${status}). Check that the server is running.`;
const SILENT = `The integration server does not answer (waited ${TEST_TIMEOUT_MS / 1000} seconds). Servers made after respond.io's example never answer when the token is wrong: compare 'Token' with the one in the server. Then check 'URL'.`;
const A_PAGE = "At this address is a web page, not an integration server. Check 'URL': messages are posted to it with '/message' at the end.";

/** A message without a contact and a text: nobody gets it, and whoever takes messages there must look at the token first. */
async function test(ports: Ports): Promise<string> {
	const { host } = new URL(ports.credential.url);
	const response = await probe(ports);
	const { status } = response;
	if (GATEWAY.includes(status)) throw unavailable(GATEWAY_SENTENCE(status));
	if (TOLD_APART.includes(status) || (status >= 300 && status < 400)) throw refused(refusalOf(response, ports));
	if (status < 300 && textOf(response).startsWith('<')) throw noServer();
	return `The integration server at ${host} answers and did not refuse the token.`;
}

async function probe(ports: Ports): Promise<HttpResponse> {
	try {
		// Servers of several channels look the token up by the channel.
		return await ports.http(messageRequest({ channelId: ports.credential.channelId }, ports, TEST_TIMEOUT_MS));
	} catch (error) {
		if (error instanceof AnswerTooLarge) throw noServer();
		if (!(error instanceof Unanswered)) throw error;
		throw error.when === 'before' ? unreachable() : unavailable(SILENT);
	}
}

function unavailable(sentence: string): ConversationsError {
	return new ConversationsError(failure('provider_unavailable', sentence, { channel: CUSTOM.id }));
}

function noServer(): ConversationsError {
	return new ConversationsError(failure('configuration_invalid', A_PAGE, { channel: CUSTOM.id }));
}

/** An integration server has no call that sets the address: it stands in the server's own settings. */
const registration: Registration<CustomCredential> = {
	key: (_credential, account) => `${CUSTOM.id}/${account}`,
	byHand: ({ channelId }, url) =>
		`In the settings of the integration server, enter ${url} as the address that received messages are posted to, '${channelId}' as the channel ID, and the token of this credential.`,
	current: () => Promise.resolve({ url: null, problem: null }),
	register: () => Promise.resolve(),
	remove: () => Promise.resolve(),
};

export const provider: Provider<CustomCredential> = {
	credentialType: 'conversationsCustomApi',
	read: readCredential,
	bases: ({ url }) => ({ url }),
	secretHosts: [],
	authorize,
	secretOf: ({ token }) => token,
	account: ({ credential }) => Promise.resolve(credential.channelId),
	test,
	registration,
	fetchMedia,
};
