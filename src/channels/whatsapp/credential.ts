import { InputError } from '../../core/failure';
import type { HttpRequest } from '../../core/http';
import type { CredentialFields } from '../../core/provider';
import { baseUrlField, field, requiredField } from '../kit/credential';
import { BASE_URL, DEFAULT_VERSION } from './facts';

export interface WhatsAppCredential {
	accessToken: string;
	phoneNumberId: string;
	/** These four may be empty: then only what needs them is missing. */
	businessAccountId: string;
	appId: string;
	appSecret: string;
	verifyToken: string;
	graphVersion: string;
	baseUrl: string;
}

export function read(fields: CredentialFields): WhatsAppCredential {
	return {
		accessToken: requiredField(fields, 'accessToken', 'Access Token'),
		phoneNumberId: idOf(requiredField(fields, 'phoneNumberId', 'Phone Number ID'), 'Phone Number ID'),
		businessAccountId: idOf(field(fields, 'businessAccountId'), 'Business Account ID'),
		appId: idOf(field(fields, 'appId'), 'App ID'),
		appSecret: field(fields, 'appSecret'),
		verifyToken: field(fields, 'verifyToken'),
		graphVersion: versionOf(field(fields, 'graphVersion', DEFAULT_VERSION)),
		baseUrl: baseUrlField(fields, 'baseUrl', 'Base URL', BASE_URL),
	};
}

/** The ids are parts of addresses, and people mix them up with the phone number itself. Whether Meta knows one is for Meta to say. */
function idOf(value: string, label: string): string {
	if (/^\w*$/.test(value)) return value;
	throw new InputError(label, `'${label}' of the credential is not an id: that has digits only, and it is not the phone number itself. Copy it from 'API Setup' in Meta's App Dashboard.`);
}

function versionOf(value: string): string {
	if (/^v\d+\.\d+$/.test(value)) return value;
	throw new InputError('Graph Version', `'Graph Version' of the credential looks like ${DEFAULT_VERSION}. Correct it, or leave it empty.`);
}

export function bases({ baseUrl, graphVersion }: WhatsAppCredential): Readonly<Record<string, string>> {
	return { baseUrl: `${baseUrl}/${graphVersion}` };
}

/** A call that brings a token of its own (the app's) keeps it. */
export function authorize(request: HttpRequest, { accessToken }: WhatsAppCredential): HttpRequest {
	const { headers, query } = request;
	if (headers?.['authorization'] !== undefined || query?.['access_token'] !== undefined) return request;
	return { ...request, headers: { ...headers, authorization: `Bearer ${accessToken}` } };
}

/** What the app calls itself with, as the Graph API documents it; null while the credential does not know the app. */
export function appToken({ appId, appSecret }: WhatsAppCredential): string | null {
	return appId && appSecret ? `${appId}|${appSecret}` : null;
}
