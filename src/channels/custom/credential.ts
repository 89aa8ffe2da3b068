import { InputError } from '../../core/failure';
import type { HttpRequest } from '../../core/http';
import type { CredentialFields } from '../../core/provider';
import { requiredField } from '../kit/credential';
import { MESSAGE_PATH } from './facts';

export interface CustomCredential {
	channelId: string;
	/** Says who is calling, in both directions. */
	token: string;
	/** Of the integration server, without the path for messages, a query and a slash at the end. */
	url: string;
	/** What stands in the query of the address that was entered. */
	query: Readonly<Record<string, string>>;
}

/** @throws InputError that names the field. */
export function readCredential(fields: CredentialFields): CustomCredential {
	return {
		channelId: requiredField(fields, 'channelId', 'Channel ID'),
		// Copied from a header with its scheme, perhaps.
		token: requiredField(fields, 'token', 'Token').replace(/^bearer\s+/i, ''),
		...addressOf(requiredField(fields, 'url', 'URL')),
	};
}

/** With or without '/message' at its end: the address is the same. */
function addressOf(text: string): Pick<CustomCredential, 'url' | 'query'> {
	const url = URL.canParse(text) ? new URL(text) : null;
	if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
		throw new InputError('URL', "'URL' of the credential is not a web address. Enter the one of your integration server, e.g. https://integration.example.com.");
	}
	if (url.username !== '' || url.password !== '') {
		throw new InputError('URL', "'URL' of the credential holds a user name or a password. Take them out: 'Token' is what the integration server checks.");
	}
	const path = url.pathname.replace(/\/+$/, '');
	const base = path.endsWith(MESSAGE_PATH) ? path.slice(0, -MESSAGE_PATH.length).replace(/\/+$/, '') : path;
	return { url: url.origin + base, query: Object.fromEntries(url.searchParams) };
}

/**
 * The token goes with messages only. Files of the same host are fetched without it: respond.io has none for them either, and
 * a host that gives out files by links with a signature refuses any other token.
 */
export function authorize(request: HttpRequest, { token }: CustomCredential): HttpRequest {
	if (request.method !== 'POST') return request;
	return { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } };
}
