import { ConversationsError } from '../../core/failure';
import type { CallPorts, Provider } from '../../core/provider';
import { textAt, type JsonObject } from '../kit/json';
import { checkApp, fetchFile, isAbsent, isRefusal, personOf, setupRefusal } from '../kit/meta/account';
import { graph, withToken } from '../kit/meta/graph';
import { PAGE_FIELDS } from '../kit/meta/page-fields';
import { isAboutToken } from '../kit/meta/refusal';
import { metaRegistration } from '../kit/meta/subscriptions';
import { readCredential, type MessengerCredential } from './credential';
import { CHANNEL } from './failures';
import { templates } from './templates';

type Ports = CallPorts<MessengerCredential>;

const subscribedApps = ({ pageId }: MessengerCredential) => `/${pageId}/subscribed_apps`;

export const provider: Provider<MessengerCredential> = {
	credentialType: 'conversationsMessengerApi',
	read: readCredential,
	bases: ({ baseUrl }) => ({ baseUrl }),
	// Files of people lie on hosts that give them to whoever has the address: they get no token.
	secretHosts: [],
	authorize: withToken,
	secretOf: ({ token }) => token,
	account: async ({ credential }) => credential.pageId,
	test,
	registration: metaRegistration<MessengerCredential>(CHANNEL, {
		object: 'page',
		fields: () => [PAGE_FIELDS],
		accountFields: () => [PAGE_FIELDS],
		accountPath: async ({ credential }) => subscribedApps(credential),
		listsAllApps: () => true,
		// The Page's subscription also brings the messages of an Instagram account that is linked to it.
		shares: () => ['instagram'],
		clicks: ({ pageId }, url) =>
			`open the app in Meta's App Dashboard, 'Messenger' > 'Messenger API Settings' > 'Configure webhooks', enter ${url} as 'Callback URL' and the credential's 'Verify Token', and press 'Verify and save'. Then, under 'Generate access tokens', press 'Add Subscriptions' at the Page ${pageId} and choose ${PAGE_FIELDS.join(', ')}.`,
	}),
	async profile(user, _account, ports) {
		const person = await personOf(CHANNEL, ports, user, 'name,first_name,last_name');
		const parts = [textAt(person, 'first_name'), textAt(person, 'last_name')].filter(Boolean).join(' ');
		const name = textAt(person, 'name') ?? parts;
		return name === '' ? null : { name };
	},
	fetchMedia: (source, maxBytes, ports) => fetchFile(CHANNEL, source, maxBytes, ports),
	templates,
};

async function test(ports: Ports): Promise<string> {
	const { pageId } = ports.credential;
	const page = await nodeOf(ports, pageId);
	// Whose token it is: a Page's token stands for the Page itself.
	const owner = await nodeOf(ports, 'me');
	const told = textAt(owner, 'id') === undefined ? page : owner;
	if (told instanceof ConversationsError && told.failure.providerCode !== NOT_FOUND) throw told;
	const name = textAt(told, 'name') ?? 'a Page';
	const id = textAt(told, 'id');
	if (id === undefined) throw setupRefusal(CHANNEL, "The base URL did not answer like Meta's Graph API. Check 'Base URL' of the credential.");
	if (id !== pageId) {
		throw setupRefusal(
			CHANNEL,
			`The access token is of '${name}' (ID ${id}), not of the Page with the ID ${pageId}. Enter ${id} as 'Page ID' if that is the Page you mean; otherwise make an access token for the right Page.`,
		);
	}
	await graph(CHANNEL, ports, { method: 'GET', url: subscribedApps(ports.credential) }).catch((error: unknown) => {
		if (!isAbsent(error)) throw isRefusal(error) ? notAllowed(error) : error;
	});
	await checkApp(CHANNEL, ports);
	return `Connected to the Page '${name}' (${id}).`;
}

/** Meta itself gives a code of its own. */
const NOT_FOUND = '404';

/** What Meta tells of a Page, or why it tells nothing. @throws ConversationsError when the token is not taken. */
async function nodeOf(ports: Ports, node: string): Promise<JsonObject | ConversationsError> {
	try {
		return await graph(CHANNEL, ports, { method: 'GET', url: `/${node}`, query: { fields: 'id,name' } });
	} catch (error) {
		if (!isRefusal(error) || isAboutToken(error.failure)) throw error;
		return error;
	}
}

function notAllowed(error: ConversationsError): ConversationsError {
	if (isAboutToken(error.failure)) return error;
	return setupRefusal(
		CHANNEL,
		"The access token may not look after the Page's messages. Make a new one with the permissions 'pages_messaging' and 'pages_manage_metadata', by a person who has the tasks 'Messages' and 'Community activity' on the Page.",
		error,
	);
}
