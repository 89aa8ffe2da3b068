import { ConversationsError, failure } from '../../core/failure';
import type { HttpResponse } from '../../core/http';
import type { MediaSource } from '../../core/message-parts';
import type { CallPorts, FetchedFile, Provider, Registered } from '../../core/provider';
import { call } from '../kit/call';
import { isObject, numberAt, textAt } from '../kit/json';
import { ask } from './api';
import { harmless } from '../kit/harmless';
import { authorize, read, type TelegramCredential } from './credential';
import { ALLOWED_UPDATES, POLL_MAX_BYTES, POLL_SECONDS, POLL_TIMEOUT_MS, TELEGRAM } from './facts';
import { refuse } from './failures';
import { STALE_PRESS } from './refusals';
import { registration, webhookInfo } from './registration';

type Ports = CallPorts<TelegramCredential>;

export const provider: Provider<TelegramCredential> = {
	credentialType: 'conversationsTelegramApi',
	read,
	bases: ({ baseUrl }) => ({ baseUrl }),
	secretHosts: [],
	authorize,
	secretOf: ({ botToken }) => botToken,
	account: ({ credential }) => Promise.resolve(credential.botId),
	test,
	registration,
	fetchMedia,
	acknowledge,
	poll,
};

async function test(ports: Ports): Promise<string> {
	const bot = await ask(ports, 'getMe');
	const username = textAt(bot, 'username');
	if (username === undefined || textAt(bot, 'id') !== ports.credential.botId) {
		throw unavailable("What answers at the credential's base URL is not Telegram. Check the base URL.");
	}
	const { url, problem } = await whereItPosts(ports);
	const host = url !== null && URL.canParse(url) ? ` Its messages go to ${new URL(url).host}.` : '';
	return `Connected to the bot @${username}.${host}${problem === null ? '' : ` ${problem}`}`;
}

/** Good to know, and no reason to doubt a bot that has just answered: a gateway may not offer it. */
async function whereItPosts(ports: Ports): Promise<Registered> {
	try {
		return await webhookInfo(ports);
	} catch (error) {
		if (!(error instanceof ConversationsError)) throw error;
		return { url: null, problem: null };
	}
}

/** Telegram gives an address that works for an hour; it holds the token and never leaves this function. */
async function fetchMedia({ fileId = '' }: MediaSource, maxBytes: number, ports: Ports): Promise<FetchedFile> {
	const path = textAt(await ask(ports, 'getFile', { json: { file_id: fileId } }), 'file_path');
	if (path === undefined) throw unavailable('Telegram did not say where the file is. Try again later.');
	if (path.startsWith('/')) throw localServer();
	const url = `/file/${path.split('/').map(encodeURIComponent).join('/')}`;
	return await harmless(TELEGRAM, async () => {
		const response = await call(TELEGRAM, ports, { method: 'GET', url, maxBytes });
		if (response.status !== 200) refuseFile(response);
		return { bytes: response.bytes, mime: response.headers['content-type'] ?? null, name: null };
	});
}

/** Not found here is the file, not the bot: the token was good a moment ago. */
function refuseFile(response: HttpResponse): never {
	if (response.status === 404) throw unavailable('The file is no longer at Telegram. Ask the contact to send it again.');
	refuse(response);
}

function localServer(): ConversationsError {
	return new ConversationsError(
		failure(
			'configuration_invalid',
			"The Telegram server at the credential's base URL runs with --local and keeps files to itself. Start it without --local.",
			{ channel: TELEGRAM.id },
		),
	);
}

/** Takes the waiting sign off the button. Too late is as good as done. */
async function acknowledge(press: string, ports: Ports): Promise<void> {
	try {
		await ask(ports, 'answerCallbackQuery', { json: { callback_query_id: press } });
	} catch (error) {
		if (!(error instanceof ConversationsError) || !STALE_PRESS.test(error.failure.providerMessage ?? '')) throw error;
	}
}

/** Asking for what follows the cursor tells Telegram that all before it has arrived. */
async function poll(cursor: string | null, ports: Ports): Promise<{ bodies: Uint8Array[]; cursor: string }> {
	const offset = Number(cursor ?? 0);
	const asked = { json: { offset, timeout: POLL_SECONDS, allowed_updates: ALLOWED_UPDATES } };
	const updates = await ask(ports, 'getUpdates', asked, { timeoutMs: POLL_TIMEOUT_MS, maxBytes: POLL_MAX_BYTES });
	if (!Array.isArray(updates)) throw unavailable("What answers at the credential's base URL is not Telegram. Check the base URL.");
	const found = updates.filter(isObject);
	const last = numberAt(found.at(-1), 'update_id');
	return {
		bodies: found.map((update) => new Uint8Array(Buffer.from(JSON.stringify(update)))),
		cursor: String(last === undefined ? offset : last + 1),
	};
}

function unavailable(reason: string): ConversationsError {
	return new ConversationsError(failure('provider_unavailable', reason, { channel: TELEGRAM.id }));
}
