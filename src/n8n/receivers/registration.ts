import { LoggerProxy, NodeOperationError, type IHookFunctions, type WebhookType } from 'n8n-workflow';
import { channels } from '../../channels';
import type { ChannelId } from '../../core/channel';
import type { Desk } from '../../core/desk';
import { ConversationsError, failure } from '../../core/failure';
import type { ReceiveBy, Receiver } from '../../core/records';
import type { Host } from '../host';
import { subscriptionId } from '../subscriptions';
import { chosenChannel, isForUser, isRefusal, sentenceOf, type ChosenChannel } from './chosen';
import { inTurn, join, livingOwner, pointTo, successors } from './ownership';
import { noteStart } from './poller';

/** What n8n calls when a workflow is published or taken back, for one provider channel of its trigger. */

export function receiveBy(ctx: Pick<IHookFunctions, 'getNodeParameter'>, channel: ChannelId): ReceiveBy {
	if (channels[channel].provider?.onlyPolls) return 'polling';
	const options = ctx.getNodeParameter('options', {}) as Record<string, unknown>;
	return options[`${channel}ReceiveBy`] === 'polling' ? 'polling' : 'webhook';
}

/** n8n's type knows only 'default' and 'setup'; the entry of a channel is called as the channel. */
export function addressOf(ctx: IHookFunctions, channel: ChannelId): string {
	const url = ctx.getNodeWebhookUrl(channel as string as WebhookType);
	if (!url) throw new NodeOperationError(ctx.getNode(), `n8n gave no address for ${channels[channel].name}`);
	return url;
}

/** Makes the provider post to this trigger, unless another active one has its messages already: then it only subscribes. */
export async function openReceiver(ctx: IHookFunctions, host: Host, channel: ChannelId): Promise<void> {
	// Noted already: n8n registers the entry of the website chat first, and that notes the trigger with all its accounts.
	const id = subscriptionId(ctx);
	try {
		const chosen = await chosenChannel(ctx, channel);
		const url = addressOf(ctx, channel);
		const by = receiveBy(ctx, channel);
		const { desk } = host;
		await leaveOtherKeys(host, id, channel, chosen);
		await inTurn(chosen.key, async () => {
			const { receivers } = desk.store.records;
			const { createdAt } = (await receivers.get(chosen.key, id)) ?? { createdAt: desk.now() };
			const row: Receiver = { key: chosen.key, subscriptionId: id, channel, account: chosen.account, url, by, owner: false, createdAt };
			await receivers.upsert(row);
			const owner = await livingOwner(desk, chosen.key);
			if (owner && owner.subscriptionId !== id) return await join(desk, owner, chosen);
			try {
				if (by === 'webhook' || chosen.provider.onlyPolls) await register(ctx, desk, chosen, url);
			} catch (error) {
				// It is not published then, and stands in nobody's way.
				if (stopsPublishing(ctx, error)) await receivers.remove(chosen.key, id);
				throw error;
			}
			await receivers.setOwner(chosen.key, id);
		});
	} catch (error) {
		const sentence = sentenceOf(error);
		if (sentence === undefined) throw error;
		if (stopsPublishing(ctx, error)) throw new NodeOperationError(ctx.getNode(), sentence);
		LoggerProxy.warn(`Conversations: ${sentence}`);
	}
	host.receivers.wake();
}

/**
 * What may pass by itself, and anything after a restart of n8n, does not keep the other channels from working: it is tried
 * again and again, and the user is told.
 */
function stopsPublishing(ctx: IHookFunctions, error: unknown): boolean {
	return ctx.getActivationMode() !== 'init' && isForUser(error);
}

async function register(ctx: IHookFunctions, desk: Desk, chosen: ChosenChannel, url: string): Promise<void> {
	const { registration } = chosen.provider;
	if (registration.byHand(chosen.credential, url) !== null) return;
	if (ctx.getActivationMode() !== 'init' || !(await stands(chosen, url))) await pointTo(desk, chosen, url);
	await noteStart(desk, chosen);
}

/** Who does not tell is given it again. */
async function stands({ provider, account, ports }: ChosenChannel, url: string): Promise<boolean> {
	try {
		return (await provider.registration.current(account, ports)).url === url;
	} catch (error) {
		if (isRefusal(error)) return false;
		throw error;
	}
}

/** The credential was exchanged: what the earlier one had is handed over. */
async function leaveOtherKeys(host: Host, id: string, channel: ChannelId, { key }: ChosenChannel): Promise<void> {
	for (const row of await host.desk.store.records.receivers.ofSubscription(id)) {
		if (row.channel === channel && row.key !== key) await handOn(host, row, host.receivers.find(id, channel));
	}
}

/** The trigger is no longer active: another one takes its address over, or the provider is told to stop. */
export async function closeReceiver(ctx: IHookFunctions, host: Host, channel: ChannelId): Promise<void> {
	const id = subscriptionId(ctx);
	for (const row of await host.desk.store.records.receivers.ofSubscription(id)) {
		if (row.channel === channel) await handOn(host, row, await own(ctx, channel));
	}
}

/** What is needed to tell the provider; undefined when the credential is gone by now. */
async function own(ctx: IHookFunctions, channel: ChannelId): Promise<ChosenChannel | undefined> {
	try {
		return await chosenChannel(ctx, channel);
	} catch (error) {
		LoggerProxy.warn(`Conversations: ${channels[channel].name} could not be told to stop. ${sentenceOf(error) ?? ''}`);
		return undefined;
	}
}

async function handOn(host: Host, row: Receiver, self: ChosenChannel | undefined): Promise<void> {
	const { desk } = host;
	await inTurn(row.key, async () => {
		await desk.store.records.receivers.remove(row.key, row.subscriptionId);
		const others = (await successors(desk, row.key)).filter(({ subscriptionId: id }) => id !== row.subscriptionId);
		if (others.length === 0) await desk.store.records.receiverStates.ended(row.key, desk.now());
		try {
			if (row.owner && others[0]) await give(host, others[0]);
			const isUsed = others.some(({ account }) => self?.provider.registration.isShared || account === row.account);
			// With the credential of another bot, that one would be told to stop.
			if (!isUsed && row.by === 'webhook' && self?.key === row.key) await self.provider.registration.remove(row.account, self.ports);
		} catch (error) {
			LoggerProxy.warn(`Conversations: the address at ${channels[row.channel].name} was not changed. ${sentenceOf(error) ?? ''}`);
		}
	});
	host.receivers.wake();
}

/** Whoever serves the next trigger registers it at once; should that not work, it is tried again there. */
async function give({ desk, receivers }: Host, next: Receiver): Promise<void> {
	await desk.store.records.receivers.setOwner(next.key, next.subscriptionId);
	const kept = receivers.find(next.subscriptionId, next.channel);
	if (!kept || next.by === 'polling' || kept.provider.registration.byHand(kept.credential, next.url) !== null) return;
	await pointTo(desk, kept, next.url);
}

/** The sentence for an address at the provider that is not ours to move for a test run. */
export function foreignAddress(channel: ChannelId, url: string): ConversationsError {
	const { name } = channels[channel];
	const host = URL.canParse(url) ? new URL(url).host : 'another address';
	return new ConversationsError(
		failure(
			'configuration_invalid',
			`${name} sends this account's messages to ${host}, and a test run does not take them away from there. Publish a workflow with this credential first, or remove that address at ${name}; then test again.`,
			{ channel },
		),
	);
}
