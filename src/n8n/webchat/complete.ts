import { addressKey, type ChannelEvent } from '../../core/channel';
import type { Records } from '../../core/store';
import { mediaKindOf } from '../files/stored-files';
import { Refused } from './refused';

type MessageEvent = Extract<ChannelEvent, { kind: 'message' }>;

/** A message with what only the store knows: the label of the button pressed, and what the files are. */
export async function completeMessage(records: Records, fact: MessageEvent): Promise<MessageEvent> {
	const { content } = fact;
	if (content.kind === 'choice') {
		const asked = fact.replyTo ? await records.messages.get(fact.replyTo) : undefined;
		const address = asked && (await records.addresses.get(asked.addressId));
		const choice = asked?.choices.find(({ id }) => id === content.choice.id);
		if (!choice || !address || addressKey(address) !== addressKey(fact.from)) {
			throw new Refused(400, 'bad_request', 'This choice is no longer there.');
		}
		return { ...fact, content: { kind: 'choice', choice, text: choice.label } };
	}
	if (content.kind !== 'media') return fact;
	const owner = addressKey(fact.from);
	const attachments = await Promise.all(
		content.attachments.map(async ({ fileId }) => {
			const file = fileId === null ? undefined : await records.files.get(fileId);
			if (file?.owner !== owner) {
				throw new Refused(400, 'bad_request', 'A file is no longer there. Remove it and attach it again.');
			}
			const { name, mime, sizeBytes } = file;
			return { fileId: file.id, name, mime, sizeBytes, kind: mediaKindOf(mime) };
		}),
	);
	return { ...fact, content: { ...content, attachments } };
}
