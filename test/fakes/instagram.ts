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

export const ACCOUNT_ID = '17841400000000000';
export const IGSID = '200000000000001';
export const IG_APP = { id: '1517776481860222', secret: 'fedcba9876543210fedcba9876543210' };
/** Apps with Instagram login have this one too. */
export const INSTAGRAM_APP_SECRET = '00112233445566778899aabbccddeeff';
export const LINKED_PAGE_ID = '1067280970047461';
const TOKEN = 'IGAAInstagramToken0123456789';

const APP_FIELDS = ['messages', 'messaging_postbacks', 'messaging_seen', 'message_reactions', 'messaging_referral', 'message_edit', 'standby', 'messaging_optins', 'comments', 'live_comments', 'mentions', 'story_insights'];
const LOGIN_FIELDS = [...APP_FIELDS, 'message_echoes'];
const PAGE_FIELDS = [
	'messages', 'messaging_postbacks', 'message_deliveries', 'message_reads', 'message_echoes', 'message_reactions', 'message_edits',
	'messaging_referrals', 'messaging_optins', 'standby', 'feed',
];

export interface FakeInstagram extends MetaFake {
	fields: CredentialFields;
	wrongFields: CredentialFields;
	/** Says that what was sent was read. */
	readOf(sent: Sent): object;
}

/** Instagram's messaging for one account on this machine, by either way of logging in. */
export async function fakeInstagram(options: MetaFakeOptions & { loginType?: 'instagram' | 'facebook' } = {}): Promise<FakeInstagram> {
	const { loginType = 'instagram' } = options;
	const byPage = loginType === 'facebook';
	const owner = byPage
		? { id: LINKED_PAGE_ID, name: 'Lucky Shrub', instagram_business_account: { id: ACCOUNT_ID, username: 'luckyshrub' } }
		: { user_id: ACCOUNT_ID, username: 'luckyshrub', id: '9999' };
	const fake = await fakeMeta(
		{
			object: 'instagram',
			account: ACCOUNT_ID,
			token: TOKEN,
			app: IG_APP,
			self: byPage ? [LINKED_PAGE_ID, 'me'] : [ACCOUNT_ID, 'me'],
			appFields: byPage ? APP_FIELDS : LOGIN_FIELDS,
			accountFields: byPage ? PAGE_FIELDS : LOGIN_FIELDS,
			owner,
			window: byPage
				? graphError({ code: 10, subcode: 2018278, message: '(#10) This message is sent outside of allowed window.' })
				: graphError({ code: 10, subcode: 2534022, message: 'This message is sent outside the allowed window.', status: 403, type: 'IGApiException' }),
			unknownPerson: graphError({ code: 100, subcode: 2534014, message: 'The requested user cannot be found.' }),
			checkMessage: (message, body) => checkMessage(message, body),
		},
		options,
	);
	fake.person(IGSID, { profile: { name: 'Ann Lee', username: 'ann.lee' } });
	const fields = {
		accessToken: TOKEN,
		accountId: ACCOUNT_ID,
		loginType,
		appId: IG_APP.id,
		appSecret: IG_APP.secret,
		instagramAppSecret: byPage ? '' : INSTAGRAM_APP_SECRET,
		verifyToken: 'our-word',
		graphVersion: 'v26.0',
		baseUrl: fake.server.url,
	};
	return {
		...fake,
		fields,
		wrongFields: { ...fields, accessToken: 'IGAAWrongToken9876543210' },
		readOf: ({ mid, to }) => fake.item(to, { read: { mid } }, 1_772_998_027_000),
	};
}

function checkMessage(message: Record<string, unknown>, body: Record<string, unknown>): Answer | null {
	const odd = unknownMember(message, ['text', 'attachment', 'attachments', 'quick_replies']);
	if (odd) return odd;
	if (!['undefined', 'RESPONSE', 'MESSAGE_TAG'].includes(String(body['messaging_type']))) return badParameter('param messaging_type: not for Instagram');
	const { text, attachment } = message;
	if ((text === undefined) === (attachment === undefined)) return badParameter('message must have text or attachment');
	if (text !== undefined && (typeof text !== 'string' || text === '' || Buffer.byteLength(text) > 1000)) {
		return badParameter('Length of param message[text] must be less than or equal to 1000');
	}
	return checkQuickReplies(message) ?? (attachment === undefined ? null : checkAttachment(attachment));
}

function checkAttachment(attachment: unknown): Answer | null {
	if (!isRecord(attachment) || !isRecord(attachment['payload'])) return badParameter('attachment needs type and payload');
	if (!['image', 'audio', 'video', 'file'].includes(String(attachment['type']))) return badParameter('attachment type is not one of image, audio, video, file');
	const { url, ...rest } = attachment['payload'];
	if (Object.keys(rest).length > 0 || typeof url !== 'string') return badParameter('payload takes a url');
	if (!url.startsWith('https://')) return graphError({ code: 100, subcode: 2534015, message: 'Invalid attachment data: the url must be https' });
	return null;
}
