import type { ChannelId } from '../../core/channel';
import type { Desk } from '../../core/desk';

/**
 * Where a provider can post about messages of an account: the address of an active trigger that has this account, of
 * several the one that is registered. `path`: one of the channel's further paths, or ''. Null: there is none.
 */
export async function receiverUrl(desk: Desk, channel: ChannelId, account: string, path: string): Promise<string | null> {
	const { receivers, subscriptions } = desk.store.records;
	const found = (await receivers.ofAccount(channel, account)).sort((a, b) => Number(b.owner) - Number(a.owner));
	for (const { url, by, subscriptionId } of found) {
		const subscription = by === 'webhook' ? await subscriptions.get(subscriptionId) : undefined;
		if (subscription?.endedAt === null) return path === '' ? url : `${url}/${path}`;
	}
	return null;
}
