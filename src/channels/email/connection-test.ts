import { ConversationsError, failure } from '../../core/failure';
import type { CallPorts } from '../../core/provider';
import type { EmailCredential } from './credential';
import { asked } from './refusals';

type Ports = CallPorts<EmailCredential>;

/** Tries both servers, so that whoever reads the answer can put all right at once. @throws ConversationsError */
export async function test(ports: Ports): Promise<string> {
	const { fromAddress, smtp, imap } = ports.credential;
	const sending = await refusalOf(() => asked('SMTP', smtp, () => ports.mail.check('smtp')));
	const receiving = imap ? await refusalOf(() => asked('IMAP', imap, () => ports.mail.check('imap'))) : null;
	if (sending && receiving) throw both(sending, receiving);
	if (sending) throw said('Sending does not work yet.', sending);
	if (receiving) throw said('Sending works; receiving does not yet.', receiving);
	if (!imap) return `Connected for sending as ${fromAddress}; no IMAP server is given, so nothing is received.`;
	return `Connected for sending as ${fromAddress}, and for receiving from ${imap.mailbox}.`;
}

async function refusalOf(work: () => Promise<void>): Promise<ConversationsError | null> {
	try {
		await work();
		return null;
	} catch (error) {
		if (error instanceof ConversationsError) return error;
		throw error;
	}
}

function said(before: string, { failure: cause }: ConversationsError): ConversationsError {
	return new ConversationsError(failure(cause.code, `${before} ${cause.reason}`, cause));
}

function both(sending: ConversationsError, receiving: ConversationsError): ConversationsError {
	const { failure: cause } = sending;
	return new ConversationsError(failure(cause.code, `Neither sending nor receiving works yet. ${cause.reason} ${receiving.failure.reason}`, cause));
}
