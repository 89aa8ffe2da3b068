import type { HttpResponse } from '../../core/http';
import type { CallPorts, ProviderToken, TokenSource } from '../../core/provider';
import { numberAt, parseAnswer, textAt } from '../kit/json';
import { sign } from '../kit/signature';
import { API_PATH, ask } from './api';
import type { WeChatCredential } from './credential';
import { TOKEN_LIFETIME_MS, TOKEN_MARGIN_MS } from './facts';
import { TOKEN_REFUSED } from './failures';

type Ports = Pick<CallPorts<WeChatCredential>, 'http' | 'now' | 'credential'>;

/** What is larger is a file. */
const REFUSAL_MAX_BYTES = 16 * 1024;

export const TOKEN_PATH = `${API_PATH}stable_token`;

/**
 * The stable kind: whoever asks gets the same token as long as it holds, so that programs do not take it from each other.
 * @see https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html
 */
export const tokens: TokenSource<WeChatCredential> = {
	// A gateway may have tokens of its own, and a secret that WeChat does not take must not profit from one that it does.
	key: ({ appId, appSecret, baseUrl }) => `wechat/${appId}/${sign(baseUrl, Buffer.from(appSecret)).slice(0, 16)}`,
	marginMs: TOKEN_MARGIN_MS,
	given: () => null,
	async renew(before, wasRefused, ports) {
		const current = await requestToken(ports, false);
		// By force it ends the token of everybody who has it, 20 times a day at most: only when nothing else helps.
		return wasRefused && current.token === before?.token ? await requestToken(ports, true) : current;
	},
	isRefused: ({ bytes }: HttpResponse) => bytes.length <= REFUSAL_MAX_BYTES && TOKEN_REFUSED.has(textAt(parseAnswer(bytes), 'errcode') ?? ''),
};

/** @throws ConversationsError that names what is wrong with the account's AppID, AppSecret or IP whitelist. */
export async function requestToken({ http, now, credential }: Ports, byForce: boolean): Promise<ProviderToken> {
	const { appId: appid, appSecret: secret } = credential;
	const json = { grant_type: 'client_credential', appid, secret, force_refresh: byForce };
	return await ask({ http }, { method: 'POST', url: TOKEN_PATH, body: { json } }, (answer) => {
		const [token, seconds] = [textAt(answer, 'access_token'), numberAt(answer, 'expires_in')];
		return token === undefined ? undefined : { token, until: now() + (seconds === undefined ? TOKEN_LIFETIME_MS : seconds * 1000) };
	});
}
