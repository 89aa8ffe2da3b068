import type { IBinaryKeyData, IWebhookFunctions } from 'n8n-workflow';
import type { Message, WaitItem } from '../../core/records';
import type { Records } from '../../core/store';

/** The files of a reply, beside those that the item had: `reply` (the first), `reply1`, `reply2` … */
export async function replyFiles(ctx: Pick<IWebhookFunctions, 'helpers'>, records: Records, { attachments }: Message): Promise<IBinaryKeyData> {
	const files: IBinaryKeyData = {};
	for (const { fileId, name, mime } of attachments) {
		const bytes = fileId === null ? undefined : await records.files.bytes(fileId);
		if (!bytes) continue;
		const count = Object.keys(files).length;
		files[count === 0 ? 'reply' : `reply${count}`] = await ctx.helpers.prepareBinaryData(Buffer.from(bytes), name, mime);
	}
	return files;
}

/** Whether a file of a reply is still being fetched. */
export async function filesUnderWay(records: Records, items: readonly WaitItem[]): Promise<boolean> {
	for (const { result } of items) {
		const reply = result?.outcome === 'settled' ? await records.messages.get(result.messageId) : undefined;
		if (reply?.attachments.some(({ fileId, missing }) => fileId === null && missing === undefined)) return true;
	}
	return false;
}
