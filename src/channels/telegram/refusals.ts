import type { FailureRow } from '../kit/call';

/** A press that was answered before, or too long ago: there is nothing left to do. */
export const STALE_PRESS = /query is too old|query ID is invalid/i;

const PUBLIC_ADDRESS =
	"n8n needs a public https address on port 443, 80, 88 or 8443 (the environment variable WEBHOOK_URL). On a computer without one, choose 'Polling' in the trigger's option 'Receive Telegram By'.";

/**
 * Telegram's refusals. It has no codes of its own, so its words decide; they are those of its server's source,
 * github.com/tdlib/telegram-bot-api (Client.cpp, ClientManager.cpp, WebhookActor.cpp); read 2026-11-21.
 * What it says about content is in `refusals-of-content.ts`.
 */
export const ACCOUNT_AND_PEOPLE_ROWS: readonly FailureRow[] = [
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
		says: ['bot was blocked by the user'],
		is: 'recipient_unreachable',
		reason: 'The contact has blocked the bot. They can be written to again once they unblock it.',
	},
	{
		status: 403,
		message: /user is deactivated/i,
		says: ['user is deactivated'],
		is: 'recipient_unreachable',
		reason: "The contact's Telegram account no longer exists. Use another channel.",
	},
	{
		status: 403,
		message: /can't initiate conversation|can't send messages to the user/i,
		says: ["bot can't initiate conversation with a user"],
		is: 'recipient_unreachable',
		reason: 'The contact has not started the bot, and a bot cannot write first. Send them a link to the bot and wait until they press Start.',
	},
	{
		status: 403,
		message: /kicked from|not a member of|chat was deleted/i,
		says: ['bot was kicked from the group chat', 'bot is not a member of the channel chat', 'the group chat was deleted'],
		is: 'recipient_unreachable',
		reason: 'The bot is not in this chat any more. Write to the person in their private chat with the bot.',
	},
	{
		status: 403,
		message: /can't send messages to bots/i,
		says: ["bot can't send messages to bots"],
		is: 'recipient_unreachable',
		reason: 'This address is a bot, and bots cannot write to each other. Write to a person.',
	},
	{ status: 403, is: 'recipient_unreachable', reason: "The bot may not write to this contact; 'providerMessage' has Telegram's reason. Use another channel." },
	{
		status: 400,
		message: /(chat|user) not found|PEER_ID_INVALID|USER_ID_INVALID|chat_id is empty|chat identifier/i,
		says: ['chat not found', 'user not found', 'PEER_ID_INVALID', 'chat_id is empty'],
		is: 'recipient_unreachable',
		reason: 'The bot does not know this contact. A bot cannot write first: send them a link to the bot and wait until they press Start.',
	},
	{
		status: 400,
		message: /upgraded to a supergroup/i,
		says: ['group chat was upgraded to a supergroup chat'],
		is: 'recipient_unreachable',
		reason: 'This group has become a supergroup with another ID. Groups are not supported: write to the person in their private chat with the bot.',
	},
];

export const OTHER_ROWS: readonly FailureRow[] = [
	{
		status: 400,
		message: STALE_PRESS,
		says: ['query is too old and response timeout expired or query ID is invalid'],
		is: 'rejected',
		reason: 'The press of the button is too old to be answered. Nothing needs to be done.',
	},
	{
		status: 400,
		message: /bad webhook|invalid webhook URL|URL host is empty/i,
		says: ['bad webhook: IP address is reserved', 'invalid webhook URL specified'],
		is: 'configuration_invalid',
		reason: `Telegram does not take the address of this n8n. ${PUBLIC_ADDRESS}`,
	},
	{
		status: 400,
		message: /FROZEN_/i,
		says: ['FROZEN_METHOD_INVALID'],
		is: 'credential_invalid',
		reason: 'Telegram has frozen this bot. Open @BotFather or @SpamBot in Telegram to see why and what can be done.',
	},
	{
		status: 409,
		message: /webhook is active|by setWebhook request/i,
		says: ["can't use getUpdates method while webhook is active", 'terminated by setWebhook request'],
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
		says: ['restart', 'request aborted'],
		is: 'outcome_unknown',
		reason: 'Telegram stopped while it worked on this, so it is not known whether the message was sent. It is not sent again, so that the contact does not get it twice.',
	},
	{ status: 503, is: 'provider_unavailable', reason: 'Telegram cannot be used at the moment. Try again later.' },
];
