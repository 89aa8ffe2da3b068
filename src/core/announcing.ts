import { addressTopic, type ChannelId } from './channel';
import type { Desk } from './desk';
import { publish } from './events';
import { failure, type Failure } from './failure';
import type { Message } from './records';
import type { Records } from './store';
import { deliveryKnown } from './waits';

/** Tells triggers, open chat pages and waiting nodes. */
export async function announce(desk: Desk, records: Records, message: Message): Promise<void> {
	const address = await records.addresses.get(message.addressId);
	if (address) records.touch(addressTopic(address));
	// What may have gone has not failed: whoever acted on that could send it twice. A late receipt settles it.
	if (message.status !== 'sent' && message.status !== 'failed') return;
	await publish(desk, records, {
		type: message.status === 'sent' ? 'message.sent' : 'message.failed',
		source: message.source,
		contactId: message.contactId,
		conversationId: message.conversationId,
		messageId: message.id,
		channel: message.channel,
		account: message.account,
	});
	await deliveryKnown(desk, records, message);
}

/** There was no clear answer. */
export function outcomeUnknown(channel: ChannelId): Failure {
	return failure(
		'outcome_unknown',
		'It is not known whether the message was sent: there was no clear answer. It is not sent again, so that the contact does not get it twice.',
		{ channel },
	);
}

/** Whoever asked for it no longer wants it. */
export function cancelled(channel: ChannelId | null): Failure {
	return failure('provider_unavailable', 'The execution was cancelled before this message was sent. Run it again to send it.', { channel });
}
