import type { INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';
import type { WaitItem, WaitKind, WaitResult } from '../core/records';
import type { Records } from '../core/store';
import { replyFiles } from './files/reply-files';
import { describeFailure, outcomeKeys } from './items';

type Context = Pick<IWebhookFunctions, 'helpers'>;

/** Both outputs of a node that waited: what came, and what did not. Unsettled items are left out. */
export async function outputsOf(ctx: Context, records: Records, kind: WaitKind, items: readonly WaitItem[]): Promise<INodeExecutionData[][]> {
	const [good, failed]: [INodeExecutionData[], INodeExecutionData[]] = [[], []];
	for (const { item, result } of items) {
		if (!result) continue;
		const output = await itemOf(ctx, records, kind, item as INodeExecutionData, result);
		(result.outcome === 'settled' ? good : failed).push(output);
	}
	return [good, failed];
}

async function itemOf(ctx: Context, records: Records, kind: WaitKind, item: INodeExecutionData, result: WaitResult): Promise<INodeExecutionData> {
	const json = { ...item.json, ...(await outcomeKeys(records, result.messageId)) };
	if (result.outcome === 'failed') return { ...item, json: { ...json, failure: describeFailure(result.failure) } };
	const reply = kind === 'reply' ? await records.messages.get(result.messageId) : undefined;
	const binary = { ...item.binary, ...(reply && (await replyFiles(ctx, records, reply))) };
	return {
		...item,
		json: { ...json, ...(result.answer && { answer: { ...result.answer } }) },
		...(Object.keys(binary).length > 0 && { binary }),
	};
}
