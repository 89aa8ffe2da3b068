import type { HttpRequest } from '../../core/http';
import type { CredentialFields } from '../../core/provider';
import { baseUrlField, requiredField } from '../kit/credential';
import { BASE_URL, DATA_BASE_URL } from './facts';

export interface LineCredential {
	channelAccessToken: string;
	/** Signs webhooks. */
	channelSecret: string;
	baseUrl: string;
	/** Where people's files are fetched. */
	dataBaseUrl: string;
}

export function read(fields: CredentialFields): LineCredential {
	return {
		channelAccessToken: requiredField(fields, 'channelAccessToken', 'Channel Access Token'),
		channelSecret: requiredField(fields, 'channelSecret', 'Channel Secret'),
		baseUrl: baseUrlField(fields, 'baseUrl', 'Base URL', BASE_URL),
		dataBaseUrl: baseUrlField(fields, 'dataBaseUrl', 'Data Base URL', DATA_BASE_URL),
	};
}

export function authorize(request: HttpRequest, { channelAccessToken }: LineCredential): HttpRequest {
	return { ...request, headers: { ...request.headers, authorization: `Bearer ${channelAccessToken}` } };
}
