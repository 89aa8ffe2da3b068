import type { Provider, Registration } from '../../core/provider';
import { test } from './connection-test';
import { readCredential, type EmailCredential } from './credential';
import { checkReading, poll } from './poll';

const registration: Registration<EmailCredential> = {
	// A folder is read once, whoever of ours writes from which address.
	key: ({ imap, fromAddress }) => (imap ? `email/${imap.user}@${imap.host}/${imap.mailbox}` : `email/${fromAddress}`).toLowerCase(),
	byHand: () => null,
	current: () => Promise.resolve({ url: null, problem: null }),
	register: (_receiver, _account, ports) => checkReading(ports),
	remove: () => Promise.resolve(),
};

export const provider: Provider<EmailCredential> = {
	credentialType: 'conversationsEmailApi',
	read: readCredential,
	bases: () => ({}),
	secretHosts: [],
	authorize: (request) => request,
	mailServers: ({ smtp, imap }) => ({ smtp, imap }),
	secretOf: ({ smtp, imap }) => smtp.password || (imap?.password ?? ''),
	account: ({ credential }) => Promise.resolve(credential.fromAddress.toLowerCase()),
	test,
	registration,
	poll,
	onlyPolls: true,
};
