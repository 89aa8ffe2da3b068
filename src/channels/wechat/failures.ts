import { ConversationsError, failure, type Failure } from '../../core/failure';
import { failureOf, type FailureRow, type Refusal } from '../kit/call';
import { RATE_RETRY_MS, WECHAT } from './facts';

const PLATFORM = 'the WeChat Developer Platform (developers.weixin.qq.com/platform)';

/** The token no longer counts. */
export const TOKEN_REFUSED: ReadonlySet<string> = new Set(['40001', '40014', '41001', '42001', '42007']);
/** WeChat does not have the file that a media_id stands for. */
export const NO_MEDIA = '40007';
const FOREIGN_IP = ['40164', '45035', '61004'];

/** Source: WeChat's 'common error codes', and the pages of each call; read 2026-11-22. HTTP says 200 for all of them. */
export const FAILURES: readonly FailureRow[] = [
	{
		code: [...TOKEN_REFUSED],
		is: 'credential_invalid',
		reason: `WeChat does not accept the access token, not even a new one. Check 'App ID' and 'App Secret' of the credential, and that no other program renews the account's tokens by force.`,
	},
	{
		code: ['40013', '41002'],
		is: 'credential_invalid',
		reason: `WeChat knows no account with this App ID. Copy the AppID from ${PLATFORM} into 'App ID' of the credential.`,
	},
	{
		code: ['40125', '41004'],
		is: 'credential_invalid',
		reason: `WeChat does not accept the App Secret. If it was reset, copy the new AppSecret from ${PLATFORM} into 'App Secret' of the credential.`,
	},
	{
		code: '40243',
		is: 'credential_invalid',
		reason: `The account's AppSecret is frozen. Unfreeze it on ${PLATFORM}, at the account's basic information; it takes ten minutes.`,
	},
	{
		code: FOREIGN_IP,
		is: 'credential_invalid',
		reason: `WeChat does not let this n8n's IP address call. Add the address to the account's 'API IP whitelist' on ${PLATFORM}, wait some minutes, and try again.`,
	},
	{
		code: ['89501', '89503', '89506', '89507'],
		is: 'credential_invalid',
		reason: "WeChat asks the account's administrator to allow calls from this n8n's IP address. Let the administrator confirm it in WeChat, then try again.",
	},
	{
		code: ['48001', '48008', '50001'],
		is: 'credential_invalid',
		reason: `The account may not send customer service messages of this kind. They need a verified account: verify it, and look at its 'API permissions' on ${PLATFORM}.`,
	},
	{
		code: ['48004', '50002'],
		is: 'configuration_invalid',
		reason: 'WeChat has restricted this account. Open mp.weixin.qq.com to see why and until when.',
	},
	{
		code: '40200',
		is: 'configuration_invalid',
		reason: 'WeChat does not allow this kind of message on this account. Choices, for one, need a verified account; a test account has none. Send a plain text.',
	},
	{
		code: '45015',
		is: 'window_closed',
		reason:
			"WeChat lets the account write for 48 hours after the contact's last message, or for one minute after a follow, a scan or a tap on a menu, and only while the contact follows the account. Wait until the contact writes.",
	},
	{
		code: '45047',
		is: 'quota_used',
		reason:
			"The account has sent as many messages as WeChat allows until the contact writes again: 5 for most accounts, 3 after a follow, a scan or a tap on a menu. Wait until the contact writes. If it happens often, lower 'Messages per Window' of the credential: then it is noticed before anything is sent.",
	},
	{
		code: '45009',
		is: 'rate_limited',
		retryable: false,
		reason: "The account has used up WeChat's calls of this day. Send again after midnight in Beijing, when they begin anew.",
	},
	{
		code: '45011',
		is: 'rate_limited',
		retryAfterMs: RATE_RETRY_MS,
		reason: 'WeChat asks to send more slowly: the calls of this minute are used up. Try again in a minute.',
	},
	{
		code: ['40003', '46004'],
		is: 'recipient_unreachable',
		reason: 'WeChat does not know this person on this account. OpenIDs differ from one account to the next, so the contact must write to this account.',
	},
	{
		code: ['43004', '43005', '50005'],
		is: 'recipient_unreachable',
		reason: 'The contact does not follow the account (any more). Wait until the contact follows it and writes, or use another channel.',
	},
	{
		code: '43019',
		is: 'recipient_unreachable',
		reason: "The contact is on the account's blacklist. Take the contact off it at mp.weixin.qq.com, under the account's users, then send again.",
	},
	{
		code: '48002',
		is: 'recipient_unreachable',
		reason: 'The contact has switched off messages of the account. Wait until the contact writes, or use another channel.',
	},
	{
		code: '40009',
		is: 'content_unsupported',
		reason: 'WeChat does not take an image of this size. Some accounts take 10 MB, others 2 MB: use a smaller one.',
	},
	{
		code: ['40010', '45007'],
		is: 'content_unsupported',
		reason: 'WeChat does not take a voice message of this size or length: at most 2 MB and 60 seconds. Use a shorter one.',
	},
	{
		code: '40011',
		is: 'content_unsupported',
		reason: 'WeChat does not take a video of this size: at most 10 MB. Use a smaller one, or send a link.',
	},
	{
		code: ['45002', '44004'],
		is: 'content_unsupported',
		reason: 'WeChat does not take a text that is empty or has more than 2,048 bytes; a Chinese character has 3. Shorten it, or send it in parts.',
	},
	{
		code: ['40004', '40005', '40006', NO_MEDIA, '40012', '40118', '40121', '40137', '41005', '41006', '44001', '45001'],
		is: 'content_unsupported',
		reason:
			"WeChat does not take the file. Images are JPEG, PNG or GIF, voice messages AMR or MP3, videos MP4; 'providerMessage' says what is wrong. Use another file, or send a link.",
	},
	{
		code: ['40008', '40033', '40035', '40038', '44002', '44003', '45003', '45004', '45005', '45006', '45008', '47001'],
		is: 'content_unsupported',
		reason: "WeChat does not take the message in this form; 'providerMessage' says why. Send it as a plain text.",
	},
	{
		code: ['-1', '61450'],
		is: 'provider_unavailable',
		reason: 'WeChat is busy and has not taken the message. Try again later.',
	},
];

/** What a refusal by WeChat means. */
export function refused(refusal: Refusal): ConversationsError {
	return new ConversationsError(withAddress(failureOf(WECHAT, FAILURES, refusal)));
}

/** Where WeChat names the address that it does not let in, the sentence does, too. */
function withAddress(known: Failure): Failure {
	if (!FOREIGN_IP.includes(known.providerCode ?? '')) return known;
	const address = /invalid ip ([\da-f.:]+)/i.exec(known.providerMessage ?? '')?.[1];
	return address === undefined ? known : { ...known, reason: `${known.reason} WeChat sees ${address}.` };
}

/** A 2xx that is not what WeChat documents says nothing about the message. */
export function unknownOutcome(): ConversationsError {
	return new ConversationsError(
		failure(
			'outcome_unknown',
			"Something that does not speak WeChat's format answered, so it is not known whether the message was sent. It is not sent again. Check 'Base URL' of the credential.",
			{ channel: WECHAT.id },
		),
	);
}

export function unsupported(reason: string): ConversationsError {
	return new ConversationsError(failure('content_unsupported', reason, { channel: WECHAT.id }));
}
