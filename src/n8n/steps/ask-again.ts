import type { IWebhookFunctions } from 'n8n-workflow';
import { askAgain } from '../../core/asking';
import type { ChannelId } from '../../core/channel';
import type { Desk } from '../../core/desk';
import type { Wait } from '../../core/records';
import { connectionsOf } from '../calls/connections';

/** Asks again for the answers that did not do, with the credentials of the node that waits. */
export async function askFromNode(ctx: IWebhookFunctions, desk: Desk, wait: Wait): Promise<void> {
	const ids = await channelsToAskOn(desk, wait);
	if (ids.length === 0) return;
	await askAgain(desk, wait, {
		connections: await connectionsOf(ctx, { desk }, ids, 0),
		skipWhenAssigned: skipsWhenAssigned(ctx),
		execution: { id: wait.executionId, workflowId: wait.workflowId, node: ctx.getNode().name },
	});
}

/** Where those answers came from, and where the questions went. */
async function channelsToAskOn(desk: Desk, { id }: Wait): Promise<ChannelId[]> {
	const { waits, messages } = desk.store.records;
	const toAsk = (await waits.items(id)).filter(({ refused, result }) => refused !== null && result === null);
	const spoken = await Promise.all(toAsk.flatMap(({ refused, messageId }) => [refused ?? '', messageId ?? '']).map((each) => messages.get(each)));
	return spoken.flatMap((message) => (message ? [message.channel] : []));
}

function skipsWhenAssigned(ctx: IWebhookFunctions): boolean {
	try {
		return (ctx.getNodeParameter('options', {}) as { skipWhenAssigned?: unknown }).skipWhenAssigned === true;
	} catch {
		// An expression that asks for an item, of which there is none here.
		return false;
	}
}
