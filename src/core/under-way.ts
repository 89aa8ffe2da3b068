import type { Desk } from './desk';
import type { Message, OutboundStatus } from './records';

/**
 * A message is about to be called for. False: it is no longer as it was prepared, since another run of the same step has
 * it, perhaps on another channel, or somebody settled it.
 */
export async function takeUp(desk: Desk, { id, addressId, type }: Message): Promise<boolean> {
	return await desk.store.atomically(async ({ messages }) => {
		const row = await messages.get(id);
		return row?.addressId === addressId && row.type === type && (await messages.advance(id, ['queued'], 'sending'));
	});
}

/** It surely did not go and is still to. False: it was heard of meanwhile, so it went, or another run settled it. */
export async function queueAgain(desk: Desk, id: string, from: OutboundStatus): Promise<boolean> {
	return await desk.store.atomically(async ({ messages }) => {
		const message = await messages.get(id);
		return message?.providerId === null && (await messages.advance(id, [from], 'queued'));
	});
}
