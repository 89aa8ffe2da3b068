import { InputError } from '../../core/failure';
import type { HttpRequest } from '../../core/http';
import type { CredentialFields } from '../../core/provider';
import { baseUrlField, requiredField } from '../kit/credential';
import { DEFAULT_BASE_URL } from './facts';

export interface TelegramCredential {
	botToken: string;
	/** The digits before the colon of the token. */
	botId: string;
	baseUrl: string;
}

const TOKEN = /^(\d+):[\w-]+$/;

/** @throws InputError */
export function read(fields: CredentialFields): TelegramCredential {
	const botToken = requiredField(fields, 'botToken', 'Bot Token');
	const botId = TOKEN.exec(botToken)?.[1];
	if (botId === undefined) {
		throw new InputError(
			'Bot Token',
			"'Bot Token' of the credential does not look like a token of Telegram: digits, a colon, then letters and digits. Copy the whole token from @BotFather.",
		);
	}
	return { botToken, botId, baseUrl: baseUrlField(fields, 'baseUrl', 'Base URL', DEFAULT_BASE_URL) };
}

const FILE = '/file/';

/** Telegram wants the token in the path: before the method's name, or before a file's path. */
export function authorize(request: HttpRequest, { botToken }: TelegramCredential): HttpRequest {
	const { url } = request;
	if (!url.startsWith('/')) return request;
	return { ...request, url: url.startsWith(FILE) ? `/file/bot${botToken}/${url.slice(FILE.length)}` : `/bot${botToken}${url}` };
}
