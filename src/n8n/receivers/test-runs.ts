import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import axios from 'axios';
import { LoggerProxy } from 'n8n-workflow';
import type { ChannelEvent, ChannelId } from '../../core/channel';
import type { Desk } from '../../core/desk';
import type { Received } from '../../core/inbox';
import type { Store } from '../../core/store';
import { ownAddresses } from '../own-addresses';

/**
 * A test run gets a copy of the next message: production goes on, and nothing is moved at the provider. The copy is a post
 * to the test address that names the event; its contents stay in the store.
 */

export const COPY_HEADER = 'x-conversations-copy';
const TIMEOUT_MS = 10_000;
/** n8n itself listens for two minutes. */
export const LISTEN_MS = 150_000;

/** One row for each channel of a trigger that is being tested. */
export function listenerId(subscriptionId: string, channel: ChannelId): string {
	return `${subscriptionId}/${channel}`;
}

/** Gives every editor that listens for one of these messages its copy, but for the one that `has` it already. */
export async function offerToTests(desk: Desk, facts: readonly ChannelEvent[], received: readonly Received[], has?: string): Promise<void> {
	const listeners = await desk.store.records.testListeners.live(desk.now());
	for (const { subscriptionId, channels, accounts, url } of listeners) {
		if (subscriptionId === has) continue;
		const index = facts.findIndex(
			({ channel, account }, at) => isNewMessage(received[at]) && channels.includes(channel) && (accounts[channel]?.includes(account) ?? true),
		);
		const eventId = eventOf(received[index]);
		if (eventId !== null) await offerCopy(desk.store, url, eventId);
	}
}

/** `testUrl`: of a test address of ours. False: it did not take it. */
export async function offerCopy(store: Store, testUrl: string, eventId: string): Promise<boolean> {
	return await post(testUrl, eventId, await copySignature(store, eventId));
}

const isNewMessage = (received: Received | undefined) => received?.kind === 'message' && received.isNew;
const eventOf = (received: Received | undefined) => (received?.kind === 'message' ? received.eventId : null);

/** The event that a request copies for a test run; null: it is no copy of ours. */
export async function copiedEvent(store: Store, header: string | undefined): Promise<string | null> {
	const [eventId, signature] = (header ?? '').split('.');
	if (!eventId || !signature) return null;
	const [given, expected] = [Buffer.from(signature), Buffer.from(await copySignature(store, eventId))];
	return given.length === expected.length && timingSafeEqual(given, expected) ? eventId : null;
}

async function copySignature(store: Store, eventId: string): Promise<string> {
	const key = await store.records.keys.secret('copies', () => randomBytes(32));
	return createHmac('sha256', key).update(`copy:${eventId}`).digest('base64url');
}

async function post(testUrl: string, eventId: string, signature: string): Promise<boolean> {
	for (const url of ownAddresses(testUrl, process.env, 'test')) {
		try {
			const { status } = await axios.post(url, '', {
				headers: { [COPY_HEADER]: `${eventId}.${signature}` },
				timeout: TIMEOUT_MS,
				maxRedirects: 0,
				proxy: false,
				validateStatus: () => true,
			});
			if (status >= 200 && status < 300) return true;
		} catch (error) {
			if (!axios.isAxiosError(error)) throw error;
		}
	}
	LoggerProxy.info('Conversations: a test run was offered an event and did not take it.');
	return false;
}
