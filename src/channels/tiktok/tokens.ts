import { createHash } from 'node:crypto';
import type { CallPorts, ProviderToken, TokenSource } from '../../core/provider';
import { harmless } from '../kit/harmless';
import { numberAt, textAt } from '../kit/json';
import { ask, codeOf } from './api';
import type { TikTokCredential } from './credential';
import { CODES, PATHS, RENEW_MARGIN_MS, TIKTOK } from './facts';
import { RENEWAL_FAILURES, unknownOutcome } from './failures';

const REFUSALS: readonly string[] = CODES.accessToken;

/** An access token lasts a day; with each new one the refresh token, good for a year, may be another one, too. */
export const tokens: TokenSource<TikTokCredential> = {
	// An account that was authorised anew has a new refresh token: what was kept of the earlier one no longer counts.
	key: ({ businessId, refreshToken }) => `tiktok/${businessId}/${createHash('sha256').update(refreshToken).digest('hex').slice(0, 16)}`,
	marginMs: RENEW_MARGIN_MS,
	// Nobody knows how old it is: it counts until it is refused.
	given: ({ accessToken, refreshToken }) => (accessToken === '' ? null : { token: accessToken, until: null, refresh: refreshToken }),
	renew,
	isRefused: (response) => REFUSALS.includes(codeOf(response) ?? ''),
};

async function renew(
	before: ProviderToken | null,
	_wasRefused: boolean,
	{ http, now, credential }: Pick<CallPorts<TikTokCredential>, 'http' | 'now' | 'credential'>,
): Promise<ProviderToken> {
	const { appId, appSecret } = credential;
	const refresh = before?.refresh ?? credential.refreshToken;
	const json = { client_id: appId, client_secret: appSecret, grant_type: 'refresh_token', refresh_token: refresh };
	return await harmless(TIKTOK, async () => {
		const data = await ask({ http }, { method: 'POST', url: PATHS.renewToken, body: { json } }, RENEWAL_FAILURES);
		const token = textAt(data, 'access_token');
		if (token === undefined) throw unknownOutcome();
		const seconds = numberAt(data, 'expires_in');
		return {
			token,
			until: seconds === undefined ? null : now() + seconds * 1000,
			refresh: textAt(data, 'refresh_token') ?? refresh,
		};
	});
}
