import type { IDataObject } from 'n8n-workflow';
import { channels } from '../../../channels';
import type { Receiver } from '../../../core/records';
import type { Records } from '../../../core/store';
import { iso } from '../../iso';
import { one, type Operation } from './call';

/** Whether messages of each account come in: one entry for each address or mailbox that an active trigger looks after. */
const get: Operation = async (call) => {
	const { records } = call.desk.store;
	const receivers: Receiver[] = [];
	for (const { id } of await records.subscriptions.active()) receivers.push(...(await records.receivers.ofSubscription(id)));
	const owned = receivers.filter(({ owner }) => owner);
	const receiving = await Promise.all(owned.map((each) => condition(records, each)));
	return one(call, { health: { ok: receiving.every(({ problem }) => problem === null), receiving } });
};

async function condition(records: Records, { key, channel, account, by, url, subscriptionId }: Receiver): Promise<IDataObject> {
	const state = await records.receiverStates.get(key);
	const subscription = await records.subscriptions.get(subscriptionId);
	return {
		channel,
		name: channels[channel].name,
		account,
		by,
		...(by === 'webhook' && { url }),
		workflowId: subscription?.workflowId ?? null,
		lastOkAt: iso(state?.okAt ?? null),
		problem: state?.problem ?? null,
		problemSince: iso(state?.problemSince ?? null),
	};
}

export const health: Record<string, Operation> = { get };
