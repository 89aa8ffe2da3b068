import { NodeOperationError, type IHookFunctions } from 'n8n-workflow';
import type { ChannelId } from '../../core/channel';
import type { Host } from '../host';
import { chosenEvents, subscriptionId } from '../subscriptions';
import { chosenChannel, sentenceOf, type ChosenChannel } from './chosen';
import { inTurn, join, livingOwner, pointTo } from './ownership';
import { Poller, type PollerWatch } from './poller';
import { addressOf, foreignAddress, receiveBy } from './registration';
import { LISTEN_MS, listenerId } from './test-runs';

/** What a test run did at a provider that no active trigger uses, until it is over. */
interface Borrowed {
	/** What the provider keys its address by. */
	key: string;
	undo(): Promise<void>;
}

const borrowed = new Map<string, Borrowed>();

/**
 * The editor waits for a message. With an active trigger on the account it gets a copy; with none, the provider is asked
 * to post to the test address until the test is over. An address that somebody else set is left where it is.
 */
export async function listen(ctx: IHookFunctions, host: Host, channel: ChannelId): Promise<void> {
	try {
		const chosen = await chosenChannel(ctx, channel);
		const id = listenerId(subscriptionId(ctx), channel);
		const url = addressOf(ctx, channel);
		const { desk } = host;
		await desk.store.records.testListeners.put({
			subscriptionId: id,
			// Where it is asked for events, messages are some of many: see `listenForEvents`.
			channels: chosenEvents(ctx) ? [] : [channel],
			accounts: { [channel]: [chosen.account] },
			url,
			until: desk.now() + LISTEN_MS,
		});
		await inTurn(chosen.key, async () => {
			const owner = await livingOwner(desk, chosen.key);
			if (owner) return await join(desk, owner, chosen);
			await borrowed.get(id)?.undo();
			borrowed.delete(id);
			const loan = receiveBy(ctx, channel) === 'polling' ? await poll(host, chosen) : await borrow(host, chosen, url);
			if (loan) borrowed.set(id, loan);
		});
		host.fetcher.know(channel, chosen.account, chosen.ports);
	} catch (error) {
		const sentence = sentenceOf(error);
		if (sentence === undefined) throw error;
		throw new NodeOperationError(ctx.getNode(), sentence);
	}
}

async function borrow({ desk }: Host, chosen: ChosenChannel, url: string): Promise<Borrowed | undefined> {
	const { provider, credential, account, ports, channel } = chosen;
	const { registration } = provider;
	if (registration.byHand(credential, url) !== null) return undefined;
	const current = await registration.current(account, ports);
	// An address of this very n8n that no trigger owns was left behind by a test that was cut off.
	if (current.url !== null && current.url !== '' && originOf(current.url) !== originOf(url)) throw foreignAddress(channel, current.url);
	await pointTo(desk, chosen, url);
	return { key: chosen.key, undo: () => registration.remove(account, ports) };
}

/** A test tells by not starting. */
const NOBODY: PollerWatch = { troubled: () => undefined, well: () => undefined };

async function poll(host: Host, chosen: ChosenChannel): Promise<Borrowed> {
	const { registration } = chosen.provider;
	const { url } = await registration.current(chosen.account, chosen.ports);
	if (url !== null && url !== '') throw foreignAddress(chosen.channel, url);
	if (chosen.provider.onlyPolls) await pointTo(host.desk, chosen, '');
	const poller = new Poller(host.desk, chosen, NOBODY, true);
	return { key: chosen.key, undo: () => Promise.resolve(poller.stop()) };
}

function originOf(url: string): string {
	return URL.canParse(url) ? new URL(url).origin : url;
}

/** The test is over. False: this was no test, n8n takes the workflow itself back. */
export async function stopListening(ctx: IHookFunctions, host: Host, channel: ChannelId): Promise<boolean> {
	const id = listenerId(subscriptionId(ctx), channel);
	const live = await host.desk.store.records.testListeners.live(host.desk.now());
	const wasTest = live.some(({ subscriptionId: listening }) => listening === id);
	await host.desk.store.records.testListeners.remove(id);
	const loan = borrowed.get(id);
	borrowed.delete(id);
	if (loan) await giveBack(host, loan);
	return wasTest || loan !== undefined;
}

/** Meanwhile a workflow may have been published, and the address is its own now. */
async function giveBack(host: Host, { key, undo }: Borrowed): Promise<void> {
	try {
		await inTurn(key, async () => {
			const owner = await livingOwner(host.desk, key);
			if (!owner || owner.by === 'polling') await undo();
		});
	} catch (error) {
		if (sentenceOf(error) === undefined) throw error;
	}
}
