import type { Provider } from '../../core/provider';
import { test } from './connection-test';
import { authorize, bases, read, senderOf, type SmsCredential } from './credential';
import { SECRET_HOSTS } from './facts';
import { fetchMedia } from './media';
import { registration } from './registration';

export const provider: Provider<SmsCredential> = {
	credentialType: 'conversationsTwilioApi',
	read,
	bases,
	secretHosts: SECRET_HOSTS,
	authorize,
	secretOf: ({ authToken }) => authToken,
	account: ({ credential }) => Promise.resolve(senderOf(credential).id),
	test,
	registration,
	fetchMedia,
};
