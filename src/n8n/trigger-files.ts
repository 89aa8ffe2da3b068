import type { IBinaryKeyData, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Records } from '../core/store';

/** Items with the files of their messages as binary data: `data` (the first), `data1`, `data2` …. */
export async function attachFiles(
	ctx: IExecuteFunctions,
	records: Records,
	items: readonly INodeExecutionData[],
): Promise<INodeExecutionData[]> {
	return await Promise.all(
		items.map(async (item) => {
			const files = filesOf(item.json);
			if (files.length === 0) return item;
			const binary: IBinaryKeyData = { ...item.binary };
			for (const [index, { id, name, mime }] of files.entries()) {
				const bytes = await records.files.bytes(id);
				if (!bytes) continue;
				const field = index === 0 ? 'data' : `data${index}`;
				binary[field] = await ctx.helpers.prepareBinaryData(Buffer.from(bytes), name, mime);
			}
			return { ...item, binary };
		}),
	);
}

interface ItemMessage {
	id?: string;
	attachments?: { id: string; name: string; mime: string }[];
}

/** Of all messages of a burst, or of the one message. */
function filesOf(json: INodeExecutionData['json']) {
	const message = json['message'] as ItemMessage | null | undefined;
	const burst = json['messages'] as ItemMessage[] | undefined;
	return (burst ?? (message ? [message] : [])).flatMap(({ attachments }) => attachments ?? []);
}
