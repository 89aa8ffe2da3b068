import type { Desk } from '../../core/desk';
import { ConversationsError } from '../../core/failure';
import type { Receiver, Subscription } from '../../core/records';
import type { ChosenChannel } from './chosen';

/**
 * Whose address a provider has: of the active triggers with one key, one is the owner. All decisions about one key are
 * taken one after the other.
 */

const underWay = new Map<string, Promise<unknown>>();

/** One caller of this key at a time, in this process: provider calls belong to the decision. */
export async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
	const before = underWay.get(key) ?? Promise.resolve();
	const mine = before.then(work, work);
	const settled = mine.then(
		() => undefined,
		() => undefined,
	);
	underWay.set(key, settled);
	try {
		return await mine;
	} finally {
		if (underWay.get(key) === settled) underWay.delete(key);
	}
}

/** The owner whose trigger is still active. */
export async function livingOwner(desk: Desk, key: string): Promise<Receiver | undefined> {
	const owner = (await desk.store.records.receivers.ofKey(key)).find((each) => each.owner);
	return owner && isActive(await desk.store.records.subscriptions.get(owner.subscriptionId)) ? owner : undefined;
}

/** Providers let an address be set only so often: a short pause that they ask for is made. */
const PAUSE_MAX_MS = 5_000;
const TRIES_MAX = 3;

/** Makes the provider post to `url`. @throws ConversationsError */
export async function pointTo(desk: Desk, { provider, account, ports, secret }: ChosenChannel, url: string): Promise<void> {
	for (let tries = 1; ; tries++) {
		try {
			return await provider.registration.register({ url, secret }, account, ports);
		} catch (error) {
			const pauseMs = error instanceof ConversationsError && error.failure.code === 'rate_limited' ? error.failure.retryAfterMs : null;
			if (pauseMs === null || pauseMs > PAUSE_MAX_MS || tries === TRIES_MAX) throw error;
			await desk.wait(pauseMs);
		}
	}
}

/** An app has one address for all its accounts: one that it does not receive yet is added, at the owner's address. */
export async function join(desk: Desk, owner: Receiver, chosen: ChosenChannel): Promise<void> {
	if (owner.account !== chosen.account && owner.by === 'webhook') await pointTo(desk, chosen, owner.url);
}

/** The active triggers that could take a key over, oldest first. */
export async function successors(desk: Desk, key: string): Promise<Receiver[]> {
	const found: Receiver[] = [];
	for (const receiver of await desk.store.records.receivers.ofKey(key)) {
		if (isActive(await desk.store.records.subscriptions.get(receiver.subscriptionId))) found.push(receiver);
	}
	return found;
}

function isActive(subscription: Subscription | undefined): boolean {
	return subscription !== undefined && subscription.endedAt === null;
}
