import type { CredentialFields } from '../../src/core/provider';
import {
	badParameter,
	checkQuickReplies,
	fakeMeta,
	graphError,
	isRecord,
	unknownMember,
	type MetaFake,
	type MetaFakeOptions,
	type Sent,
} from './meta-messaging';
import type { Answer } from './server';

export const PAGE_ID = '1067280970047460';
export const PSID = '7654321098765432';
export const APP = { id: '1517776481860111', secret: '0123456789abcdef0123456789abcdef' };
const TOKEN = 'EAAPageToken0123456789';
const MB = 1024 * 1024;

const FIELDS = [
	'messages', 'messaging_postbacks', 'message_deliveries', 'message_reads', 'message_echoes', 'message_reactions', 'message_edits',
	'messaging_referrals', 'messaging_optins', 'standby', 'messaging_handovers', 'feed',
];

export interface FakeMessenger extends MetaFake {
	fields: CredentialFields;
	wrongFields: CredentialFields;
	/** As GET /{page-id}/message_templates lists them. */
	templates: TemplateListing[];
	/** Says that what was sent has arrived, or was read. */
	deliveryOf(sent: Sent): object;
	readUpTo(user: string, watermark: number): object;
}

export interface TemplateListing {
	name: string;
	language: string;
	status: string;
	category: string;
	components: { type: string; text?: string; example?: object; buttons?: object[] }[];
}

/** The Messenger Platform for one Page on this machine. */
export async function fakeMessenger(options: MetaFakeOptions = {}): Promise<FakeMessenger> {
	const templates: TemplateListing[] = [];
	const fake = await fakeMeta(
		{
			object: 'page',
			account: PAGE_ID,
			token: TOKEN,
			app: APP,
			self: [PAGE_ID, 'me'],
			appFields: FIELDS,
			accountFields: FIELDS,
			owner: { id: PAGE_ID, name: 'Lucky Shrub' },
			window: graphError({ code: 10, subcode: 2018278, message: '(#10) This message is sent outside of allowed window.' }),
			unknownPerson: graphError({ code: 100, subcode: 2018001, message: '(#100) No matching user found' }),
			checkMessage: (message, body, file) => checkMessage(message, body, file, templates),
			more: ({ method, query }, path) => {
				if (path !== `${PAGE_ID}/message_templates` || method !== 'GET') return undefined;
				const start = Number(query['after'] ?? 0);
				const end = start + Number(query['limit'] ?? 25);
				const paging = { cursors: { before: String(start), after: String(end) }, ...(end < templates.length && { next: 'https://graph.facebook.com/next' }) };
				return { json: { data: templates.slice(start, end), paging } };
			},
		},
		options,
	);
	fake.person(PSID, { profile: { name: 'Ann Lee', first_name: 'Ann', last_name: 'Lee' } });
	const fields = {
		pageAccessToken: TOKEN,
		pageId: PAGE_ID,
		appId: APP.id,
		appSecret: APP.secret,
		verifyToken: 'our-word',
		graphVersion: 'v26.0',
		baseUrl: fake.server.url,
	};
	return {
		...fake,
		fields,
		wrongFields: { ...fields, pageAccessToken: 'EAAWrongToken9876543210' },
		templates,
		deliveryOf: ({ mid, to }) => fake.item(to, { delivery: { mids: [mid], watermark: 1_772_998_026_000 } }, 1_772_998_026_500),
		readUpTo: (user, watermark) => fake.item(user, { read: { watermark } }, watermark + 500),
	};
}

function checkMessage(message: Record<string, unknown>, body: Record<string, unknown>, file: Sent['file'], templates: TemplateListing[]): Answer | null {
	const odd = unknownMember(message, ['text', 'attachment', 'attachments', 'quick_replies', 'metadata', 'template']);
	if (odd) return odd;
	const { text, metadata, attachment, template } = message;
	const kinds = [text, attachment, template].filter((each) => each !== undefined).length;
	if (kinds !== 1) return badParameter('message must have one of text, attachment, template');
	if (metadata !== undefined && (typeof metadata !== 'string' || metadata.length > 1000)) return badParameter('metadata must have at most 1000 characters');
	if (text !== undefined && (typeof text !== 'string' || text === '' || [...text].length > 2000)) {
		return badParameter('Length of param message[text] must be less than or equal to 2000');
	}
	if (template !== undefined) return checkTemplate(template, body, templates);
	if (body['messaging_type'] === undefined) return badParameter('param messaging_type must be non-empty.');
	return checkQuickReplies(message) ?? (attachment === undefined ? null : checkAttachment(attachment, file));
}

function checkAttachment(attachment: unknown, file: Sent['file']): Answer | null {
	if (!isRecord(attachment) || !isRecord(attachment['payload'])) return badParameter('attachment needs type and payload');
	const type = String(attachment['type']);
	if (!['image', 'audio', 'video', 'file'].includes(type)) return badParameter('Param message[attachment][type] must be one of {audio, file, image, video}');
	if (!file) return attachment['payload']['url'] === undefined ? badParameter('filedata or url is needed') : null;
	if (file.bytes.length === 0) return graphError({ code: 100, subcode: 2018074, message: '(#100) The file is empty' });
	if (file.bytes.length > (type === 'image' ? 8 : 25) * MB) return graphError({ code: 100, subcode: 2018109, message: '(#100) Attachment size exceeds allowable limit' });
	if (type !== 'file' && !file.mime.startsWith(`${type}/`)) return graphError({ code: 100, subcode: 2018047, message: '(#100) Upload attachment failure: wrong type' });
	return null;
}

function checkTemplate(template: unknown, body: Record<string, unknown>, templates: TemplateListing[]): Answer | null {
	if (body['messaging_type'] !== 'UTILITY') return badParameter('a template needs messaging_type UTILITY');
	if (!isRecord(template)) return badParameter('template must be an object');
	const odd = unknownMember(template, ['name', 'language', 'components']);
	if (odd) return odd;
	const code = isRecord(template['language']) ? template['language']['code'] : undefined;
	const found = templates.find(({ name, language, status }) => name === template['name'] && language === code && status === 'APPROVED');
	if (!found) return badParameter('The template does not exist in this language');
	const given = Array.isArray(template['components']) ? template['components'].filter(isRecord) : [];
	const parametersOf = (type: string) => {
		const component = given.find((each) => each['type'] === type);
		return component && Array.isArray(component['parameters']) ? component['parameters'].filter(isRecord) : [];
	};
	const text = found.components.find(({ type }) => type === 'BODY')?.text ?? '';
	const wanted = [...text.matchAll(/\{\{(.+?)\}\}/g)].map(([, name]) => name);
	const parameters = parametersOf('body');
	if (parameters.length !== wanted.length) return badParameter('INCORRECT_PARAMS');
	const unnamed = wanted.some((name) => !/^\d+$/.test(name ?? '') && !parameters.some((each) => each['parameter_name'] === name));
	if (unnamed || parameters.some((each) => each['type'] !== 'text' || typeof each['text'] !== 'string')) return badParameter('INCORRECT_PARAMS');
	const buttons = parametersOf('buttons');
	return buttons.every((each) => each['type'] === 'URL' && typeof each['url'] === 'string') ? null : badParameter('INCORRECT_PARAMS');
}
