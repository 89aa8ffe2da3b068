import { ConversationsError, failure } from '../../core/failure';
import type { CallPorts } from '../../core/provider';
import { textAt } from '../kit/json';
import { fetchResource, ofAccount } from './api';
import type { SmsCredential } from './credential';
import { SMS } from './facts';
import { misconfigured } from './failures';
import { entryOf, type Entry } from './sender';

type Ports = CallPorts<SmsCredential>;

/** Why nothing can be sent, by the account's state. */
const NOT_ACTIVE: Readonly<Record<string, string>> = {
	suspended: 'Twilio has suspended this account, or its balance is used up. The Twilio Console says why and what to do.',
	closed: 'This Twilio account is closed. Use the credential of another account.',
};
const TRIAL = 'It is a trial account: messages go only to numbers that are verified in the Twilio Console.';

/** Asks for the account and the sender: what sending and receiving need. */
export async function test(ports: Ports): Promise<string> {
	const account = await activeAccount(ports);
	const entry = await entryOf(ports);
	if (entry?.cannotSend) throw misconfigured(entry.cannotSend);
	const sentences = [
		`Connected to the Twilio account ${account.name}; messages go out ${way(ports.credential, entry)}.`,
		account.isTrial && TRIAL,
		entry?.obstacle,
	];
	return sentences.filter(Boolean).join(' ');
}

/** The answer has the Auth Token in it: no more of it than this is read. */
async function activeAccount(ports: Ports): Promise<{ name: string; isTrial: boolean }> {
	const { accountSid } = ports.credential;
	const account = await fetchResource(ports, { url: ofAccount(ports.credential, '.json') });
	const status = textAt(account, 'status');
	if (status === undefined || (textAt(account, 'sid') ?? accountSid) !== accountSid) throw misconfigured("What answers at 'Base URL' of the credential is not Twilio. Use https://api.twilio.com, or the address of your own gateway.");
	const reason = NOT_ACTIVE[status];
	if (reason !== undefined) throw new ConversationsError(failure('credential_invalid', reason, { channel: SMS.id }));
	return { name: textAt(account, 'friendly_name') ?? accountSid, isTrial: textAt(account, 'type') === 'Trial' };
}

function way({ from, messagingServiceSid }: SmsCredential, entry: Entry | null): string {
	if (messagingServiceSid === '') return `from ${from}`;
	return `through the messaging service ${entry?.name ?? messagingServiceSid}${from === '' ? '' : `, from ${from}`}`;
}
