import type { IDataObject } from 'n8n-workflow';
import { channels } from '../../../channels';
import type { ChannelId } from '../../../core/channel';
import type { Receiver, Subscription } from '../../../core/records';
import type { Records } from '../../../core/store';
import { iso } from '../../iso';
import { one, type Operation } from './call';

/**
 * Whether messages of each account come in: one entry for each address or mailbox that an active trigger looks after, and
 * for each channel of a trigger that nobody looks after.
 */
const get: Operation = async (call) => {
	const { records } = call.desk.store;
	const receiving: IDataObject[] = [];
	for (const subscription of await records.subscriptions.active()) {
		const receivers = await records.receivers.ofSubscription(subscription.id);
		for (const each of receivers) if (each.owner) receiving.push(await condition(records, each, subscription));
		for (const channel of subscription.filter.channels) {
			if (channels[channel].provider && !receivers.some((each) => each.channel === channel)) receiving.push(unreceived(channel, subscription));
		}
	}
	return one(call, { health: { ok: receiving.every(({ problem }) => problem === null), receiving } });
};

async function condition(records: Records, { key, channel, account, by, url }: Receiver, { workflowId }: Subscription): Promise<IDataObject> {
	const state = await records.receiverStates.get(key);
	return {
		channel,
		name: channels[channel].name,
		account,
		by,
		...(by === 'webhook' && { url }),
		workflowId,
		lastOkAt: iso(state?.okAt ?? null),
		problem: state?.problem ?? null,
		problemSince: iso(state?.problemSince ?? null),
	};
}

/** Its account could not be learned yet: then there is no address, either. */
function unreceived(channel: ChannelId, { filter, workflowId }: Subscription): IDataObject {
	const { name } = channels[channel];
	return {
		channel,
		name,
		account: filter.accounts?.[channel]?.[0] ?? null,
		workflowId,
		lastOkAt: null,
		problem: `Messages of ${name} do not reach this workflow yet: its credential could not be used. Publish the workflow again, which says why.`,
		problemSince: null,
	};
}

export const health: Record<string, Operation> = { get };
