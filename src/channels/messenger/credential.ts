import type { CredentialFields } from '../../core/provider';
import { baseUrlField, requiredField } from '../kit/credential';
import { readApp } from '../kit/meta/account';
import type { MetaAccount } from '../kit/meta/graph';

export const BASE_URL = 'https://graph.facebook.com';

export interface MessengerCredential extends MetaAccount {
	pageId: string;
	baseUrl: string;
}

export function readCredential(fields: CredentialFields): MessengerCredential {
	return {
		...readApp(fields),
		token: requiredField(fields, 'pageAccessToken', 'Page Access Token'),
		pageId: requiredField(fields, 'pageId', 'Page ID'),
		baseUrl: baseUrlField(fields, 'baseUrl', 'Base URL', BASE_URL),
	};
}
