import type { CallPorts } from '../../core/provider';
import { objectAt, textAt, type JsonObject } from '../kit/json';
import { checkApp, isAbsent, isRefusal, setupRefusal } from '../kit/meta/account';
import { graph } from '../kit/meta/graph';
import type { InstagramCredential } from './credential';
import { CHANNEL } from './failures';
import { subscribedApps } from './subscribed-apps';

type Ports = CallPorts<InstagramCredential>;

/** Makes the calls that receiving and sending need. @throws ConversationsError */
export async function testCredential(ports: Ports): Promise<string> {
	const { credential } = ports;
	const { id, username } = credential.loginType === 'instagram' ? await loggedIn(ports) : await linkedToPage(ports);
	if (id !== credential.accountId) {
		throw setupRefusal(
			CHANNEL,
			`The access token is of the Instagram account @${username} with the ID ${id}, not ${credential.accountId}. Enter ${id} as 'Account ID' if that is the account you mean; otherwise make a token for the right one.`,
		);
	}
	await maySubscribe(ports);
	await checkApp(CHANNEL, ports, 'appBaseUrl');
	return `Connected to the Instagram account @${username} (${id}).`;
}

interface Owner {
	id: string;
	username: string;
}

const ownerOf = (told: JsonObject, idField: string): Owner | undefined => {
	const id = textAt(told, idField);
	return id === undefined ? undefined : { id, username: textAt(told, 'username') ?? id };
};

async function loggedIn(ports: Ports): Promise<Owner> {
	const me = await graph(CHANNEL, ports, { method: 'GET', url: '/me', query: { fields: 'user_id,username' } });
	const owner = ownerOf(me, 'user_id');
	if (owner) return owner;
	throw setupRefusal(
		CHANNEL,
		"Meta did not tell the Instagram account of the access token. Check that 'Login Type' is how the token was made, and that 'Base URL' is empty or leads to Meta.",
	);
}

async function linkedToPage(ports: Ports): Promise<Owner> {
	const page = await graph(CHANNEL, ports, { method: 'GET', url: '/me', query: { fields: 'id,name,instagram_business_account{id,username}' } });
	const owner = ownerOf(objectAt(page, 'instagram_business_account'), 'id');
	if (owner) return owner;
	const name = textAt(page, 'name') ?? 'of the access token';
	throw setupRefusal(
		CHANNEL,
		`The Page '${name}' has no Instagram professional account, or the access token may not see it. Link the account in the settings of the Page, and make a Page access token with the permissions 'instagram_basic' and 'instagram_manage_messages'.`,
	);
}

/** The same right that switching webhooks on needs. */
async function maySubscribe(ports: Ports): Promise<void> {
	try {
		await graph(CHANNEL, ports, { method: 'GET', url: await subscribedApps(ports) });
	} catch (error) {
		if (isAbsent(error)) return;
		if (!isRefusal(error) || error.failure.code === 'credential_invalid') throw error;
		const permissions =
			ports.credential.loginType === 'instagram' ? "'instagram_business_manage_messages'" : "'instagram_manage_messages' and 'pages_manage_metadata'";
		throw setupRefusal(CHANNEL, `The access token may not look after the account's messages. Make a new one with ${permissions}.`, error);
	}
}
