import { InputError } from '../../core/failure';
import type { CredentialFields } from '../../core/provider';
import { baseUrlField, field, requiredField } from '../kit/credential';
import { BASE_URL, FREE_MESSAGES_PER_MONTH, SENDER_NAME_MAX } from './facts';

export interface ViberCredential {
	authToken: string;
	senderName: string;
	/** Empty: the app shows none. */
	senderAvatarUrl: string;
	freeMessagesPerMonth: number;
	baseUrl: string;
}

/** @throws InputError that names the field. */
export function readCredential(fields: CredentialFields): ViberCredential {
	return {
		authToken: requiredField(fields, 'authToken', 'Auth Token'),
		senderName: senderName(fields),
		senderAvatarUrl: avatarUrl(fields),
		freeMessagesPerMonth: freeMessages(fields),
		baseUrl: baseUrlField(fields, 'baseUrl', 'Base URL', BASE_URL),
	};
}

function senderName(fields: CredentialFields): string {
	const name = requiredField(fields, 'senderName', 'Sender Name');
	if ([...name].length > SENDER_NAME_MAX) {
		throw new InputError('Sender Name', `'Sender Name' of the credential is too long: Viber takes at most ${SENDER_NAME_MAX} characters.`);
	}
	return name;
}

function avatarUrl(fields: CredentialFields): string {
	const url = field(fields, 'senderAvatarUrl');
	if (url !== '' && (!/^https?:\/\//.test(url) || !URL.canParse(url))) {
		throw new InputError('Sender Avatar URL', "'Sender Avatar URL' of the credential is not a web address. Enter one of a picture, or leave it empty.");
	}
	return url;
}

function freeMessages(fields: CredentialFields): number {
	const text = field(fields, 'freeMessagesPerMonth', String(FREE_MESSAGES_PER_MONTH));
	if (!/^\d{1,9}$/.test(text)) {
		throw new InputError('Free Messages per Month', "'Free Messages per Month' of the credential must be a whole number, 0 or more.");
	}
	return Number(text);
}
