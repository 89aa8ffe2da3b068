import { InputError } from '../../core/failure';
import type { CredentialFields } from '../../core/provider';
import { baseUrlField, field, requiredField } from '../kit/credential';
import { BASE_URL, ENCODING_AES_KEY, MESSAGES_PER_WINDOW } from './facts';

export interface WeChatCredential {
	appId: string;
	appSecret: string;
	/** Signs webhooks. */
	token: string;
	/** Encrypts webhooks; empty: they come as plain text. */
	encodingAesKey: string;
	messagesPerWindow: number;
	baseUrl: string;
}

/** @throws InputError that names the field. */
export function readCredential(fields: CredentialFields): WeChatCredential {
	return {
		appId: requiredField(fields, 'appId', 'App ID'),
		appSecret: requiredField(fields, 'appSecret', 'App Secret'),
		token: requiredField(fields, 'token', 'Token'),
		encodingAesKey: encodingAesKey(fields),
		messagesPerWindow: messagesPerWindow(fields),
		baseUrl: baseUrlField(fields, 'baseUrl', 'Base URL', BASE_URL),
	};
}

function encodingAesKey(fields: CredentialFields): string {
	const key = field(fields, 'encodingAesKey');
	if (key === '' || ENCODING_AES_KEY.test(key)) return key;
	throw new InputError(
		'Encoding AES Key',
		"'Encoding AES Key' of the credential must have 43 letters and digits. Copy the whole EncodingAESKey from WeChat, or leave it empty if messages come in plain text.",
	);
}

function messagesPerWindow(fields: CredentialFields): number {
	const text = field(fields, 'messagesPerWindow', String(MESSAGES_PER_WINDOW));
	if (!/^[1-9]\d{0,8}$/.test(text)) {
		throw new InputError('Messages per Window', "'Messages per Window' of the credential must be a whole number, 1 or more.");
	}
	return Number(text);
}
