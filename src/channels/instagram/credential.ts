import { InputError } from '../../core/failure';
import type { CredentialFields } from '../../core/provider';
import { baseUrlField, field, requiredField } from '../kit/credential';
import { readApp } from '../kit/meta/account';
import type { MetaAccount } from '../kit/meta/graph';

export type LoginType = 'instagram' | 'facebook';

/** The host by the way the account was connected. Calls about the app always go to the second. */
const BASE_URLS: Readonly<Record<LoginType, string>> = {
	instagram: 'https://graph.instagram.com',
	facebook: 'https://graph.facebook.com',
};

export interface InstagramCredential extends MetaAccount {
	accountId: string;
	loginType: LoginType;
	/** Apps with Instagram login have a second secret; Meta does not say which one signs. */
	instagramAppSecret: string;
	baseUrl: string;
	/** For calls about the app: the same gateway, if there is one. */
	appBaseUrl: string;
}

export function readCredential(fields: CredentialFields): InstagramCredential {
	const loginType = field(fields, 'loginType', 'instagram');
	if (loginType !== 'instagram' && loginType !== 'facebook') {
		throw new InputError('Login Type', "'Login Type' of the credential must be 'Instagram Login' or 'Facebook Page'. Choose one.");
	}
	const baseUrl = baseUrlField(fields, 'baseUrl', 'Base URL', BASE_URLS[loginType]);
	return {
		...readApp(fields),
		token: requiredField(fields, 'accessToken', 'Access Token'),
		accountId: requiredField(fields, 'accountId', 'Account ID'),
		loginType,
		instagramAppSecret: field(fields, 'instagramAppSecret'),
		baseUrl,
		appBaseUrl: baseUrl === BASE_URLS.instagram ? BASE_URLS.facebook : baseUrl,
	};
}

/** The account in paths. With a Page's token 'me' is the Page, whose id is not asked for. */
export function pathOf({ loginType, accountId }: InstagramCredential): string {
	return loginType === 'instagram' ? `/${accountId}` : '/me';
}
