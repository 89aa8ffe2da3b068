import { ConversationsError, type FailureCode } from '../../core/failure';
import type { Profile } from '../../core/message-parts';
import type { CallPorts, Provider, Registration } from '../../core/provider';
import { numberAt, textAt } from '../kit/json';
import { API_PATH, ask } from './api';
import { readCredential, type WeChatCredential } from './credential';
import { fetchMedia } from './media';
import { requestToken, TOKEN_PATH, tokens } from './tokens';

type Ports = CallPorts<WeChatCredential>;

/** What an answer says of the account itself. */
const ACCOUNT_FAULTS: ReadonlySet<FailureCode> = new Set(['credential_invalid', 'configuration_invalid']);

/** A fresh token shows that AppID, AppSecret and the IP address are right. */
async function test(ports: Ports): Promise<string> {
	await requestToken(ports, false);
	await checkPermission(ports);
	return `Connected to the account ${ports.credential.appId}.`;
}

/**
 * The list of staff has the same permission as sending. Only a no to that counts: test accounts, for example, have no staff
 * (65400) and may send all the same.
 */
async function checkPermission(ports: Ports): Promise<void> {
	try {
		await ask(ports, { method: 'GET', url: `${API_PATH}customservice/getkflist` }, (answer) => answer);
	} catch (error) {
		if (!(error instanceof ConversationsError) || ACCOUNT_FAULTS.has(error.failure.code)) throw error;
	}
}

/** Nobody can set or ask the address by program. */
const registration: Registration<WeChatCredential> = {
	key: (_credential, account) => `wechat/${account}`,
	byHand({ encodingAesKey }, url) {
		const [values, mode] = encodingAesKey === '' ? ['the Token', 'plain text'] : ['the Token and EncodingAESKey', 'Security Mode'];
		return `Open the WeChat Developer Platform (developers.weixin.qq.com/platform), your account, its basic information, the message push settings; on mp.weixin.qq.com that is Settings and Development > Basic Configuration > Server Configuration. Enter ${url} as URL, and ${values} of the credential; choose ${mode} and XML; then Submit and Enable. The workflow must be published at that moment.`;
	},
	current: () => Promise.resolve({ url: null, problem: null }),
	register: () => Promise.resolve(),
	remove: () => Promise.resolve(),
};

/** The name that the account's people gave the follower; WeChat itself tells none any more. Null: no follower, or nothing is told. */
async function profile(user: string, _account: string, ports: Ports): Promise<Profile | null> {
	const request = { method: 'GET', url: `${API_PATH}user/info`, query: { openid: user } } as const;
	const person = await ask(ports, request, (answer) => (numberAt(answer, 'subscribe') === undefined ? undefined : answer));
	const [name, language] = [textAt(person, 'remark')?.trim(), textAt(person, 'language')?.replaceAll('_', '-')];
	return name || language ? { ...(name && { name }), ...(language !== undefined && { language }) } : null;
}

export const provider: Provider<WeChatCredential> = {
	credentialType: 'conversationsWeChatApi',
	read: readCredential,
	bases: ({ baseUrl }) => ({ baseUrl }),
	secretHosts: [],
	authorize: (request, _credential, token) =>
		token === undefined || !request.url.startsWith(API_PATH) || request.url === TOKEN_PATH
			? request
			: { ...request, query: { ...request.query, access_token: token } },
	tokens,
	secretOf: ({ appSecret }) => appSecret,
	// Webhooks name the account by another id, which nothing tells: each address is of one account anyway.
	account: ({ credential }) => Promise.resolve(credential.appId),
	test,
	registration,
	messagesPerWindow: ({ messagesPerWindow }) => messagesPerWindow,
	profile,
	fetchMedia,
};
