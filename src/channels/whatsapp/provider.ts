import type { Provider } from '../../core/provider';
import { test } from './connection-test';
import { authorize, bases, read, type WhatsAppCredential } from './credential';
import { MEDIA_HOSTS } from './facts';
import { fetchMedia } from './media';
import { registration } from './registration';
import { templates } from './templates';

export const provider: Provider<WhatsAppCredential> = {
	credentialType: 'conversationsWhatsAppApi',
	read,
	bases,
	secretHosts: MEDIA_HOSTS,
	authorize,
	secretOf: ({ accessToken }) => accessToken,
	account: ({ credential }) => Promise.resolve(credential.phoneNumberId),
	test,
	registration,
	fetchMedia,
	templates,
};
