import { ConversationsError } from '../../core/failure';
import type { Profile } from '../../core/message-parts';
import type { CallPorts, Provider } from '../../core/provider';
import { objectAt, objectsAt, textAt } from '../kit/json';
import { ask } from './api';
import { authorize, readCredential, type TikTokCredential } from './credential';
import { FILE_HOSTS, PATHS } from './facts';
import { OWNER_FAILURES } from './failures';
import { fetchMedia } from './media';
import { isPerson } from './people';
import { current, registration } from './registration';
import { tokens } from './tokens';

type Ports = CallPorts<TikTokCredential>;

export const provider: Provider<TikTokCredential> = {
	credentialType: 'conversationsTikTokApi',
	read: readCredential,
	bases: ({ baseUrl }) => ({ baseUrl }),
	secretHosts: FILE_HOSTS,
	authorize,
	tokens,
	secretOf: ({ appSecret }) => appSecret,
	account: ({ credential }) => Promise.resolve(credential.businessId),
	test,
	registration,
	profile,
	fetchMedia,
};

/**
 * The messages of the account show whether the tokens are good and whose they are; the app's address, whether its secret is.
 * None of these calls is verified: where another one shows that the account is there, one that does not work as expected is
 * no fault of the credential, unless TikTok says so.
 */
async function test(ports: Ports): Promise<string> {
	const { businessId } = ports.credential;
	const name = await nameOf(ports);
	const query = { business_id: businessId, conversation_type: 'SINGLE', limit: '1' };
	const chats = ask(ports, { method: 'GET', url: PATHS.conversations, query }, OWNER_FAILURES);
	await (name === undefined ? chats : unlessInvalid(chats));
	const { url = null } = (await unlessInvalid(current(ports))) ?? {};
	const host = url !== null && URL.canParse(url) ? ` Its app's messages go to ${new URL(url).host}.` : '';
	return `Connected to ${name ?? `the account ${businessId}`}.${host}`;
}

/** Undefined: it did not work, but the credential is not what TikTok finds wrong. */
async function unlessInvalid<T>(work: Promise<T>): Promise<T | undefined> {
	try {
		return await work;
	} catch (error) {
		if (!(error instanceof ConversationsError) || error.failure.code === 'credential_invalid') throw error;
		return undefined;
	}
}

/** Good to know, and no reason to doubt an account whose messages can be read: the name is a permission of its own. */
async function nameOf(ports: Ports): Promise<string | undefined> {
	try {
		const query = { business_id: ports.credential.businessId, fields: JSON.stringify(['username', 'display_name']) };
		const account = await ask(ports, { method: 'GET', url: PATHS.account, query });
		const username = textAt(account, 'username');
		return username === undefined ? textAt(account, 'display_name') : `@${username}`;
	} catch (error) {
		if (!(error instanceof ConversationsError)) throw error;
		return undefined;
	}
}

/** The participants of the conversation; a person without a name is called as they call themselves. */
async function profile(conversation: string, account: string, ports: Ports): Promise<Profile | null> {
	const query = { business_id: account, conversation_id: conversation };
	const data = await ask(ports, { method: 'GET', url: PATHS.messages, query });
	const shown = textAt(objectsAt(data, 'participants').find(isPerson), 'display_name');
	const wrote = objectsAt(data, 'messages').find((message) => isPerson(objectAt(message, 'from_user')));
	const name = shown ?? textAt(wrote, 'sender');
	return name === undefined ? null : { name };
}
