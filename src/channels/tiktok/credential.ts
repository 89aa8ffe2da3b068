import type { HttpRequest } from '../../core/http';
import type { CredentialFields } from '../../core/provider';
import { baseUrlField, field, requiredField } from '../kit/credential';
import { APP_PATH, BASE_URL, FILE_TOKEN_HEADER, TOKEN_HEADER } from './facts';

export interface TikTokCredential {
	appId: string;
	appSecret: string;
	/** Empty: one is asked for with the refresh token. */
	accessToken: string;
	refreshToken: string;
	/** The `open_id` of the account, which its webhooks call `user_openid`. */
	businessId: string;
	baseUrl: string;
}

/** @throws InputError that names the field. */
export function readCredential(fields: CredentialFields): TikTokCredential {
	return {
		appId: requiredField(fields, 'appId', 'App ID'),
		appSecret: requiredField(fields, 'appSecret', 'App Secret'),
		accessToken: field(fields, 'accessToken'),
		refreshToken: requiredField(fields, 'refreshToken', 'Refresh Token'),
		businessId: requiredField(fields, 'businessId', 'Business ID'),
		baseUrl: baseUrlField(fields, 'baseUrl', 'Base URL', BASE_URL),
	};
}

/** The token goes into the header of a call, and into that of a file whose request keeps a place for it. */
export function authorize(request: HttpRequest, _credential: TikTokCredential, token?: string): HttpRequest {
	if (token === undefined || request.url.startsWith(APP_PATH)) return request;
	if (request.url.startsWith('/')) return withHeader(request, TOKEN_HEADER, token);
	return request.headers?.[FILE_TOKEN_HEADER] === undefined ? request : withHeader(request, FILE_TOKEN_HEADER, token);
}

function withHeader(request: HttpRequest, name: string, value: string): HttpRequest {
	return { ...request, headers: { ...request.headers, [name]: value } };
}
