import { ConversationsError, failure, type Failure } from '../../core/failure';
import type { HttpResponse } from '../../core/http';
import { failureOf, type FailureRow, type Refusal } from '../kit/call';
import { numberAt, objectAt, parseAnswer, textAt } from '../kit/json';
import { TELEGRAM } from './facts';

/** A press that was answered before, or too long ago: there is nothing left to do. */
export const STALE_PRESS = /query is too old|query ID is invalid/i;

const PUBLIC_ADDRESS =
	"n8n needs a public https address on port 443, 80, 88 or 8443 (the environment variable WEBHOOK_URL). On a computer without one, choose 'Polling' in the trigger's option 'Receive Telegram By'.";

/**
 * Telegram's refusals. It has no codes of its own, so its words decide; they are those of its server's source,
 * github.com/tdlib/telegram-bot-api (Client.cpp, ClientManager.cpp, WebhookActor.cpp); read 2026-11-21.
 */
export const FAILURES: readonly FailureRow[] = [
	{
		status: 401,
		is: 'credential_invalid',
		reason: "Telegram does not accept the bot token. Ask @BotFather for the current one (/mybots, then 'API Token') and put it into the credential.",
	},
	{
		status: 404,
		is: 'credential_invalid',
		reason: "Telegram knows no bot with this token. Copy the whole token from @BotFather into the credential; if its base URL was changed, check that too.",
	},
	{
		status: 421,
		is: 'configuration_invalid',
		reason: "The Telegram server at the credential's base URL does not serve this bot. Use the base URL of the server where the bot is logged in.",
	},
	{
		status: 403,
		message: /bot was blocked by the user/i,
		is: 'recipient_unreachable',
		reason: 'The contact has blocked the bot. They can be written to again once they unblock it.',
	},
	{
		status: 403,
		message: /user is deactivated/i,
		is: 'recipient_unreachable',
		reason: "The contact's Telegram account no longer exists. Use another channel.",
	},
	{
		status: 403,
		message: /can't initiate conversation|can't send messages to the user/i,
		is: 'recipient_unreachable',
		reason: 'The contact has not started the bot, and a bot cannot write first. Send them a link to the bot and wait until they press Start.',
	},
	{
		status: 403,
		message: /kicked from|not a member of|chat was deleted/i,
		is: 'recipient_unreachable',
		reason: 'The bot is not in this chat any more. Write to the person in their private chat with the bot.',
	},
	{
		status: 403,
		message: /can't send messages to bots/i,
		is: 'recipient_unreachable',
		reason: 'This address is a bot, and bots cannot write to each other.',
	},
	{ status: 403, is: 'recipient_unreachable', reason: "The bot may not write to this contact. 'providerMessage' has Telegram's reason." },
	{
		status: 400,
		message: /(chat|user) not found|PEER_ID_INVALID|USER_ID_INVALID|chat_id is empty|chat identifier/i,
		is: 'recipient_unreachable',
		reason: 'The bot does not know this contact. A bot cannot write first: send them a link to the bot and wait until they press Start.',
	},
	{
		status: 400,
		message: /upgraded to a supergroup/i,
		is: 'recipient_unreachable',
		reason: 'This group has become a supergroup with another ID. Only private chats with the bot are supported.',
	},
	{
		status: 400,
		message: /(message|caption) is too long|MESSAGE_TOO_LONG|CAPTION_TOO_LONG/i,
		is: 'content_unsupported',
		reason: 'The text is too long for Telegram: 4096 characters, or 1024 below a file. Shorten it, or send it in parts.',
	},
	{
		status: 400,
		message: /(text|caption) (is|must be) (empty|non-empty)|text is empty/i,
		is: 'content_unsupported',
		reason: 'Telegram takes no empty text. Fill in the text, and a label for each choice.',
	},
	{
		status: 400,
		message: /can't parse entities/i,
		is: 'content_unsupported',
		reason: "Telegram could not read the text's formatting. Send it as plain text.",
	},
	{
		status: 400,
		message: /reply markup is too long|BUTTON_|REPLY_MARKUP/i,
		is: 'content_unsupported',
		reason: 'Telegram does not take these choices. Offer fewer, and keep their labels and IDs short (64 bytes).',
	},
	{
		status: 400,
		message: /message to be replied not found|replied message not found|REPLY_MESSAGE/i,
		is: 'content_unsupported',
		reason: "The message to quote is no longer there. Leave 'Reply To' empty.",
	},
	{
		status: 400,
		message: /VOICE_MESSAGES_FORBIDDEN/i,
		is: 'content_unsupported',
		reason: 'The contact takes no voice notes. Send the recording as an ordinary audio file, or as text.',
	},
	{
		status: 400,
		message: /Wrong type of the web page content|Failed to get HTTP URL content|Wrong HTTP URL specified|can't upload file by URL/i,
		is: 'content_unsupported',
		reason: 'Telegram could not fetch a file from its address. Send the file itself.',
	},
	{
		status: 400,
		message: /file is too big/i,
		is: 'content_unsupported',
		reason: 'The file is too large for Telegram: bots send up to 50 MB and receive up to 20 MB. Share it by a link instead.',
	},
	{
		status: 400,
		message: /wrong file_id or the file is temporarily unavailable|invalid file_id/i,
		is: 'provider_unavailable',
		reason: 'Telegram cannot hand out this file at the moment. Try again later.',
	},
	{
		status: 400,
		message: /PHOTO_|IMAGE_PROCESS|VIDEO_|AUDIO_|MEDIA_|file must be non-empty/i,
		is: 'content_unsupported',
		reason: 'Telegram does not take this file in the form it was sent in. An image may have at most 10,000 pixels in width and height together; check that the file opens.',
	},
	{
		status: 400,
		message: STALE_PRESS,
		is: 'rejected',
		reason: 'The press of the button is too old to be answered. Nothing needs to be done.',
	},
	{
		status: 400,
		message: /bad webhook|invalid webhook URL|URL host is empty/i,
		is: 'configuration_invalid',
		reason: `Telegram does not take the address of this n8n. ${PUBLIC_ADDRESS}`,
	},
	{
		status: 400,
		message: /FROZEN_/i,
		is: 'credential_invalid',
		reason: 'Telegram has frozen this bot. Open @BotFather or @SpamBot in Telegram to see why and what can be done.',
	},
	{
		status: 409,
		message: /webhook is active|by setWebhook request/i,
		is: 'configuration_invalid',
		reason: "Telegram sends this bot's messages to a web address, so they cannot be polled. Unpublish whatever registered it, or choose 'Webhook' in the trigger's option 'Receive Telegram By'.",
	},
	{
		status: 409,
		is: 'configuration_invalid',
		reason: "Another program fetches this bot's messages, or sets its webhook, at the same time. Stop it, or use a bot of its own: each bot has one receiver.",
	},
	{
		status: 413,
		is: 'content_unsupported',
		reason: 'The file is too large for Telegram: bots send up to 50 MB, images up to 10 MB. Share it by a link instead.',
	},
	{ status: 429, is: 'rate_limited', reason: 'Telegram asks to send more slowly. The message can be sent again after the time it named.' },
	{
		// The server says so to what has just come and to what was on its way when it stopped; or it did send the message and
		// lost it. Any other 500 is the answer to a message that was not taken.
		status: 500,
		message: /restart|request aborted|immediately deleted/i,
		is: 'outcome_unknown',
		reason: 'Telegram stopped while it worked on this, so it is not known whether the message was sent. It is not sent again, so that the contact does not get it twice.',
	},
	{ status: 503, is: 'provider_unavailable', reason: 'Telegram cannot be used at the moment. Try again later.' },
];

export function refusalOf({ status, headers, bytes }: HttpResponse): Refusal {
	const answer = parseAnswer(bytes);
	const message = textAt(answer, 'description');
	const seconds = numberAt(objectAt(answer, 'parameters'), 'retry_after') ?? numberAt(headers, 'retry-after');
	return {
		// Through a gateway the body may know better than the status.
		status: status < 400 ? (numberAt(answer, 'error_code') ?? status) : status,
		...(message !== undefined && { message }),
		...(seconds !== undefined && { retryAfterMs: seconds * 1000 }),
	};
}

/** @throws ConversationsError for what Telegram refused. */
export function refuse(response: HttpResponse): never {
	throw new ConversationsError(failureOf(TELEGRAM, FAILURES, refusalOf(response)));
}

/** An answer that is not Telegram's although it says that all is well, e.g. of a proxy in between. */
export function unexpectedAnswer(): Failure {
	return failure(
		'outcome_unknown',
		"The answer was not Telegram's, so it is not known whether the message was sent. It is not sent again. Check the credential's base URL, and any proxy on the way.",
		{ channel: TELEGRAM.id },
	);
}
