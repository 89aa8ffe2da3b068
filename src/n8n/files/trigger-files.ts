import type { IBinaryKeyData, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Records } from '../../core/store';

/**
 * Items with the files of their messages as binary data: `data` (the first), `data1`, `data2` …. A file without bytes stays
 * in the JSON only, where `missing` says why.
 */
export async function attachFiles(
	ctx: IExecuteFunctions,
	records: Records,
	items: readonly INodeExecutionData[],
): Promise<INodeExecutionData[]> {
	return await Promise.all(
		items.map(async (item) => {
			const binary: IBinaryKeyData = { ...item.binary };
			let count = 0;
			for (const { id, name, mime } of filesOf(item.json)) {
				const bytes = id === null ? undefined : await records.files.bytes(id);
				if (!bytes) continue;
				binary[count === 0 ? 'data' : `data${count}`] = await ctx.helpers.prepareBinaryData(Buffer.from(bytes), name, mime);
				count += 1;
			}
			return count === 0 ? item : { ...item, binary };
		}),
	);
}

interface ItemMessage {
	attachments?: { id: string | null; name: string; mime: string }[];
}

/** Of all messages of a burst, or of the one message. */
function filesOf(json: INodeExecutionData['json']) {
	const message = json['message'] as ItemMessage | null | undefined;
	const burst = json['messages'] as ItemMessage[] | undefined;
	return (burst ?? (message ? [message] : [])).flatMap(({ attachments }) => attachments ?? []);
}
