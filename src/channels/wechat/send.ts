import type { Address, Content, SendOptions } from '../../core/channel';
import { ConversationsError } from '../../core/failure';
import type { SendPorts } from '../../core/provider';
import { sendMessage } from './api';
import type { WeChatCredential } from './credential';
import { bodiesOf } from './outbound';
import type { OutgoingMessage } from './wire';

/**
 * One call for each part, after all files were uploaded. WeChat names none of them, so the ids are ours: those of our
 * message, numbered.
 */
export async function send(content: Content, to: Address, ports: SendPorts<WeChatCredential>, { messageId }: SendOptions): Promise<string[]> {
	const accepted: string[] = [];
	for (const body of await bodiesOf(content, ports)) {
		try {
			await sendMessage(ports, { touser: to.user, ...body } satisfies OutgoingMessage);
		} catch (error) {
			if (!(error instanceof ConversationsError)) throw error;
			throw new ConversationsError(error.failure, accepted, { cause: error });
		}
		accepted.push(`${messageId}:${accepted.length}`);
	}
	return accepted;
}
