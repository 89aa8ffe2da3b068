import type { Provider } from '../../core/provider';
import { textAt } from '../kit/json';
import { fetchFile, personOf } from '../kit/meta/account';
import { withToken } from '../kit/meta/graph';
import { PAGE_FIELDS, PAGE_FIELDS_LEAST } from '../kit/meta/page-fields';
import { metaRegistration } from '../kit/meta/subscriptions';
import { pathOf, readCredential, type InstagramCredential, type LoginType } from './credential';
import { testCredential } from './credential-test';
import { INSTAGRAM_FIELDS } from './facts';
import { CHANNEL } from './failures';

export const provider: Provider<InstagramCredential> = {
	credentialType: 'conversationsInstagramApi',
	read: readCredential,
	bases: ({ baseUrl, appBaseUrl }) => ({ baseUrl, appBaseUrl }),
	// Files of people lie on hosts that give them to whoever has the address: they get no token.
	secretHosts: [],
	authorize: withToken,
	secretOf: ({ token }) => token,
	account: async ({ credential }) => credential.accountId,
	test: testCredential,
	registration: metaRegistration<InstagramCredential>(CHANNEL, {
		object: 'instagram',
		fields: INSTAGRAM_FIELDS,
		accountFields: ({ loginType }) => (loginType === 'instagram' ? [INSTAGRAM_FIELDS] : [PAGE_FIELDS, PAGE_FIELDS_LEAST]),
		accountPath: (credential) => `${pathOf(credential)}/subscribed_apps`,
		listsAllApps: ({ loginType }) => loginType === 'facebook',
		appBase: 'appBaseUrl',
		// The Page's subscription also brings the Page's own Messenger messages.
		shares: ({ loginType }) => (loginType === 'facebook' ? ['page'] : []),
		clicks: ({ loginType }, url) =>
			`${CLICKS[loginType]} Enter ${url} as 'Callback URL' and the credential's 'Verify Token', press 'Verify and save', and subscribe to ${INSTAGRAM_FIELDS.join(', ')}.`,
	}),
	async profile(user, _account, ports) {
		const person = await personOf(CHANNEL, ports, user, 'name,username');
		const name = textAt(person, 'name') ?? textAt(person, 'username');
		return name === undefined ? null : { name };
	},
	fetchMedia: (source, maxBytes, ports) => fetchFile(CHANNEL, source, maxBytes, ports),
};

const CLICKS: Readonly<Record<LoginType, string>> = {
	instagram:
		"open the app in Meta's App Dashboard, 'Instagram' > 'API setup with Instagram login' > 'Configure webhooks', and switch on 'Webhook subscription' of the account under 'Generate access tokens'.",
	facebook:
		"open the app in Meta's App Dashboard, 'Messenger' > 'Instagram settings' > 'Configure webhooks', and add the Page's subscription under 'Generate access tokens'.",
};
