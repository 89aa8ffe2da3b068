import type { CredentialFields, Provider } from '../../src/core/provider';
import { field, requiredField } from '../../src/channels/kit/credential';

/** Of a provider that exists in tests only. */
export interface PlainCredential {
	token: string;
	baseUrl: string;
	filesUrl: string;
	limit: number;
}

export const TOKEN = 'topsecret-1234';

export const plainFields = (url: string, more: CredentialFields = {}): CredentialFields => ({
	token: TOKEN,
	baseUrl: url,
	filesUrl: url,
	limit: '',
	...more,
});

/** Two base URLs, a header with the secret, an account that is asked for, files and profiles by plain GETs. */
export function plainProvider(more: Partial<Provider<PlainCredential>> = {}): Provider<PlainCredential> {
	return {
		credentialType: 'conversationsTelegramApi',
		read: (fields) => ({
			token: requiredField(fields, 'token', 'Token'),
			baseUrl: field(fields, 'baseUrl'),
			filesUrl: field(fields, 'filesUrl'),
			limit: Number(field(fields, 'limit', '0')),
		}),
		bases: ({ baseUrl, filesUrl }) => ({ baseUrl, filesUrl }),
		secretHosts: ['files.example.test'],
		authorize: (request, { token }) => ({ ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } }),
		secretOf: ({ token }) => token,
		account: async ({ http }) => Buffer.from((await http({ method: 'GET', url: '/me' })).bytes).toString(),
		test: () => Promise.resolve('Connected.'),
		registration: {
			key: (_credential, account) => account,
			byHand: () => null,
			current: () => Promise.resolve({ url: null, problem: null }),
			register: () => Promise.resolve(),
			remove: () => Promise.resolve(),
		},
		...more,
	};
}
