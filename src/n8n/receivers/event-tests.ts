import type { IHookFunctions } from 'n8n-workflow';
import { factsFor, fits, type Wish } from '../../core/events';
import type { ConversationEvent, EventType } from '../../core/records';
import type { Records } from '../../core/store';
import type { Host } from '../host';
import { filterOf, subscriptionId } from '../subscriptions';
import { WorkLoop } from '../work-loop';
import { addressOf } from './registration';
import { LISTEN_MS, offerCopy } from './test-runs';

/**
 * An editor that waits for events: it gets a copy of the next one that fits, whoever caused it and in whatever process.
 * Production goes on.
 */

const LOOK_MS = 250;
/** Of each type at most this many are looked at in a round. */
const LOOK_MAX = 50;
/** The one entry that every trigger has, whatever channels are chosen. */
const ENTRY = 'webchat';

/** By subscription: what ends the watch. */
const watches = new Map<string, () => void>();

export async function listenForEvents(ctx: IHookFunctions, host: Host): Promise<void> {
	stopListeningForEvents(ctx);
	const wish: Wish = { filter: await filterOf(ctx), workflowId: String(ctx.getWorkflow().id ?? '') };
	watches.set(subscriptionId(ctx), watch(host, wish, addressOf(ctx, ENTRY)));
}

/** The test is over, or there was none. */
export function stopListeningForEvents(ctx: IHookFunctions): void {
	const id = subscriptionId(ctx);
	watches.get(id)?.();
	watches.delete(id);
}

/** Returns the function that ends it. `url`: the test address. */
function watch({ desk, onEnd }: Host, wish: Wish, url: string): () => void {
	const { records } = desk.store;
	const until = desk.now() + LISTEN_MS;
	let after = desk.newId();
	const loop = new WorkLoop('giving a test its event', LOOK_MS, async () => {
		if (desk.now() > until) return void end();
		for (const event of await eventsAfter(records, wish.filter.types, after)) {
			after = event.id;
			if (event.contactId === null || !fits(wish, event, await factsFor(records, event, [wish]))) continue;
			if (await offerCopy(desk.store, url, event.id)) return void end();
		}
		return undefined;
	});
	const end = () => {
		forget();
		void loop.stop();
	};
	const forget = onEnd(end);
	loop.wake();
	return end;
}

/** Oldest first. */
async function eventsAfter(records: Records, types: readonly EventType[], after: string): Promise<ConversationEvent[]> {
	const found = await Promise.all(types.map((type) => records.events.list({ type }, { limit: LOOK_MAX, offset: 0 })));
	return found
		.flat()
		.filter(({ id }) => id > after)
		.sort((a, b) => (a.id < b.id ? -1 : 1));
}
