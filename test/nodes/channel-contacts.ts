import type { IBinaryKeyData, IDataObject, INodeExecutionData } from 'n8n-workflow';
import { channels } from '../../src/channels';
import type { Address, ChannelId } from '../../src/core/channel';
import type { Desk } from '../../src/core/desk';
import { receive } from '../../src/core/inbox';
import type { Message } from '../../src/core/records';
import type { CredentialFields } from '../../src/core/provider';
import { run, type Ran } from './workspace';

/** Contacts who write on channels with a provider, and a node that has the credentials for them. */

/** The beginning of an OGG file with Opus: enough to tell what it is. */
const OPUS = Buffer.from('4f67675300020000000000000000000000000000000000000000013f4f707573486561640101', 'hex');
export const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

/** Files of an item. */
export const BINARY: IBinaryKeyData = {
	note: { data: OPUS.toString('base64'), mimeType: 'audio/ogg', fileName: 'note.ogg' },
	picture: { data: PNG.toString('base64'), mimeType: 'image/png', fileName: 'ticket.png' },
};

let facts = 0;

/** Somebody writes, `agoMs` ago; the item is what a later step needs of it. */
export async function writesOn(desk: Desk, from: Address, text = 'Hello', agoMs = 0): Promise<{ message: Message; item: INodeExecutionData }> {
	const at = Date.now() - agoMs;
	const key = `${from.user}:written-${++facts}`;
	const [received] = await receive({ ...desk, now: () => at }, [
		{ kind: 'message', key, channel: from.channel, account: from.account, at, from, content: { kind: 'text', text }, externalId: key },
	]);
	if (received?.kind !== 'message') throw new Error('The message was not received.');
	return { message: received.message, item: { json: { contact: { id: received.message.contactId } } } };
}

/** Runs Send Message with a credential for each of these channels. */
export async function sendWith(
	credentials: Partial<Record<ChannelId, CredentialFields>>,
	parameters: IDataObject,
	input: INodeExecutionData[],
	executionId = 'execution-1',
): Promise<Ran> {
	const chosen = (Object.keys(credentials) as ChannelId[]).map((id) => {
		const type = channels[id].provider?.credentialType ?? '';
		return { type, reference: { id: `credential-${id}`, name: id }, data: credentials[id] as IDataObject };
	});
	return await run('sendMessage', { connectedChannels: Object.keys(credentials), ...parameters }, input, {
		node: { credentials: Object.fromEntries(chosen.map(({ type, reference }) => [type, reference])) },
		workflow: { executionId, credentials: Object.fromEntries(chosen.map(({ type, data }) => [type, data as Record<string, string>])) },
	});
}
