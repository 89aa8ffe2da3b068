import { InputError } from '../../core/failure';
import type { HttpRequest } from '../../core/http';
import type { CredentialFields } from '../../core/provider';
import { baseUrlField, field, requiredField } from '../kit/credential';
import { BASE_URL } from './facts';

export interface SmsCredential {
	/** 'AC' and 32 hexadecimal digits. */
	accountSid: string;
	/** Signs webhooks, too. */
	authToken: string;
	/** A number in E.164, a short code, or a name of at most 11 characters; empty: the service chooses. */
	from: string;
	/** 'MG' and 32 hexadecimal digits; empty: `from` sends. */
	messagingServiceSid: string;
	baseUrl: string;
}

/** As what messages go out, which is what answers come in to. */
export interface Sender {
	kind: 'service' | 'number' | 'short code' | 'name';
	id: string;
}

const NUMBER = /^\+[1-9]\d{6,14}$/;
const SHORT_CODE = /^\d{3,8}$/;
/** Source: messaging.twilio.com/v1, AlphaSender; read 2026-11-22. */
const NAME = /^(?=.*[A-Za-z])[A-Za-z0-9 +&_-]{1,11}$/;

/** @throws InputError that names the field. */
export function read(fields: CredentialFields): SmsCredential {
	const credential = {
		accountSid: accountSid(fields),
		authToken: requiredField(fields, 'authToken', 'Auth Token'),
		from: from(fields),
		messagingServiceSid: messagingServiceSid(fields),
		baseUrl: baseUrlField(fields, 'baseUrl', 'Base URL', BASE_URL),
	};
	if (credential.from === '' && credential.messagingServiceSid === '') {
		throw new InputError('From', "'From' and 'Messaging Service SID' of the credential are both empty. Fill in one of them: the number that messages go out from, or the service that chooses it.");
	}
	return credential;
}

function accountSid(fields: CredentialFields): string {
	const sid = requiredField(fields, 'accountSid', 'Account SID');
	if (isSid('AC', sid)) return sid;
	throw new InputError('Account SID', "'Account SID' of the credential is AC and 32 digits and letters a to f. Copy it from the start page of the Twilio Console; the SID of an API key (SK…) does not do.");
}

function messagingServiceSid(fields: CredentialFields): string {
	const sid = field(fields, 'messagingServiceSid');
	if (sid === '' || isSid('MG', sid)) return sid;
	throw new InputError('Messaging Service SID', "'Messaging Service SID' of the credential is MG and 32 digits and letters a to f. Copy it from 'Messaging' > 'Services' in the Twilio Console, or leave it empty.");
}

const isSid = (prefix: string, text: string) => new RegExp(`^${prefix}[0-9a-f]{32}$`, 'i').test(text);

/** Numbers as Twilio names them, without what makes them easier to read. */
function from(fields: CredentialFields): string {
	const given = field(fields, 'from');
	const digits = given.replace(/[\s().\-/]/g, '');
	if (given === '' || NUMBER.test(digits) || SHORT_CODE.test(digits)) return given === '' ? '' : digits;
	if (NAME.test(given)) return given;
	throw new InputError(
		'From',
		"'From' of the credential is no sender: use a number with + and the country code, e.g. +15005550006, a short code, or a name of at most 11 letters and digits.",
	);
}

/** A service takes all that comes to its numbers; a 'From' beside it is one of them. */
export function senderOf({ from, messagingServiceSid }: SmsCredential): Sender {
	if (messagingServiceSid !== '') return { kind: 'service', id: messagingServiceSid };
	const kind = isNumber(from) ? 'number' : SHORT_CODE.test(from) ? 'short code' : 'name';
	return { kind, id: from };
}

/** In E.164, with '+'. */
export function isNumber(text: string): boolean {
	return NUMBER.test(text);
}

/**
 * Services have a host of their own, in each of Twilio's regions (api.dublin.ie1.twilio.com). A gateway has one for all.
 */
export function bases({ baseUrl }: SmsCredential): { baseUrl: string; messagingUrl: string } {
	return { baseUrl, messagingUrl: baseUrl.replace(/^https:\/\/api\.((?:[\w-]+\.)*twilio\.com)$/i, 'https://messaging.$1') };
}

export function authorize(request: HttpRequest, { accountSid, authToken }: SmsCredential): HttpRequest {
	const secret = Buffer.from(`${accountSid}:${authToken}`).toString('base64');
	return { ...request, headers: { ...request.headers, authorization: `Basic ${secret}` } };
}
