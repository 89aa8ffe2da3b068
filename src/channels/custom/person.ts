import type { Profile } from '../../core/message-parts';
import { objectAt, textAt, type JsonObject } from '../kit/json';

/** Who it is, as far as the server tells. */
export interface Introduction {
	name?: string;
	profile?: Profile;
}

/** From `contact` of the body; all of its fields may be missing or empty. */
export function introductionOf(body: JsonObject, contactId: string): Introduction {
	const contact = objectAt(body, 'contact');
	const name = [textAt(contact, 'firstName'), textAt(contact, 'lastName')].map((part) => part?.trim()).filter(Boolean).join(' ');
	const [language, email, phone] = [languageOf(contact), emailOf(contact), phoneOf(textAt(contact, 'phone')) ?? phoneOf(contactId)];
	const profile: Profile = {
		...(language !== undefined && { language }),
		...(email !== undefined && { email }),
		...(phone !== undefined && { phone }),
	};
	return { ...(name !== '' && { name }), ...(Object.keys(profile).length > 0 && { profile }) };
}

/** 'en', or the locale 'en_US'. */
function languageOf(contact: JsonObject): string | undefined {
	const language = (textAt(contact, 'language') ?? textAt(contact, 'locale'))?.trim().replaceAll('_', '-');
	return language !== undefined && /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(language) ? language : undefined;
}

function emailOf(contact: JsonObject): string | undefined {
	const email = textAt(contact, 'email')?.trim().toLowerCase();
	return email !== undefined && /^[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+$/.test(email) ? email : undefined;
}

/** Only with its '+': without one it may be a number within some country. */
function phoneOf(text: string | undefined): string | undefined {
	const phone = text?.replace(/[\s().\-/]/g, '');
	return phone !== undefined && /^\+[1-9]\d{6,14}$/.test(phone) ? phone : undefined;
}
