import type { Provider } from '../../core/provider';
import { textAt } from '../kit/json';
import { fetchFile, personOf } from '../kit/meta/account';
import { withToken } from '../kit/meta/graph';
import { PAGE_FIELDS, PAGE_FIELDS_LEAST } from '../kit/meta/page-fields';
import { metaRegistration } from '../kit/meta/subscriptions';
import { readCredential, type InstagramCredential, type LoginType } from './credential';
import { testCredential } from './credential-test';
import { FIELDS_LEAST, INSTAGRAM_FIELDS, LOGIN_FIELDS } from './facts';
import { CHANNEL } from './failures';
import { subscribedApps } from './subscribed-apps';

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
		fields: fieldsOf,
		accountFields: (credential) => (credential.loginType === 'instagram' ? fieldsOf(credential) : [PAGE_FIELDS, PAGE_FIELDS_LEAST]),
		accountPath: subscribedApps,
		listsAllApps: ({ loginType }) => loginType === 'facebook',
		appBase: 'appBaseUrl',
		// The Page's subscription also brings the Page's own Messenger messages.
		shares: ({ loginType }) => (loginType === 'facebook' ? ['page'] : []),
		clicks: (credential, url) =>
			`${CLICKS[credential.loginType]} Enter ${url} as 'Callback URL' and the credential's 'Verify Token', press 'Verify and save', and subscribe to ${(fieldsOf(credential)[0] ?? []).join(', ')}.`,
	}),
	async profile(user, _account, ports) {
		const person = await personOf(CHANNEL, ports, user, 'name,username');
		const name = textAt(person, 'name') ?? textAt(person, 'username');
		return name === undefined ? null : { name };
	},
	fetchMedia: (source, maxBytes, ports) => fetchFile(CHANNEL, source, maxBytes, ports),
};

/** What to ask for; the next list when one name is not known. */
function fieldsOf({ loginType }: InstagramCredential): readonly (readonly string[])[] {
	return loginType === 'instagram' ? [LOGIN_FIELDS, INSTAGRAM_FIELDS, FIELDS_LEAST] : [INSTAGRAM_FIELDS, FIELDS_LEAST];
}

const CLICKS: Readonly<Record<LoginType, string>> = {
	instagram:
		"open the app in Meta's App Dashboard, 'Instagram' > 'API setup with Instagram login' > 'Configure webhooks', and switch on 'Webhook subscription' of the account under 'Generate access tokens'.",
	facebook:
		"open the app in Meta's App Dashboard, 'Messenger' > 'Instagram settings' > 'Configure webhooks', and add the Page's subscription under 'Generate access tokens'.",
};
