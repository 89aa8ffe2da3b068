import type { FailureRow } from '../kit/call';
import { MINUTE_MS } from './facts';

/**
 * What Twilio refuses, at once or later: a service looks at many things only when it sends. Source:
 * twilio.com/docs/api/errors, one page a code; read 2026-11-22. The rest, about content, is in `refusals-of-content.ts`.
 */
export const ACCOUNT_ROWS: readonly FailureRow[] = [
	{
		code: ['20003', '20006', '20404'],
		is: 'credential_invalid',
		reason: "Twilio does not know this Account SID with this Auth Token. Copy both again from the start page of the Twilio Console into 'Account SID' and 'Auth Token' of the credential. An API key does not do.",
	},
	{
		code: '20008',
		is: 'credential_invalid',
		reason: "These are Twilio's test credentials, which send nothing. Copy the live ones from the start page of the Twilio Console.",
	},
	{
		code: ['10001', '20005', '20403', '30002', '90010'],
		is: 'credential_invalid',
		reason: 'Twilio has suspended or closed this account, or its balance is used up. The Twilio Console says why and what to do.',
	},
	{
		code: ['20010', '30037'],
		is: 'configuration_invalid',
		reason: "Sending is switched off for this Twilio account. Ask Twilio's support to switch it on.",
	},
	{
		code: ['21608', '21219', '14111', '572002', '572005'],
		is: 'configuration_invalid',
		reason:
			'A trial account writes only to numbers that are verified in the Twilio Console, from the number that belongs to each of them there. Verify the number, or upgrade the account.',
	},
	{
		code: ['10002', '21267', '21607'],
		is: 'configuration_invalid',
		reason: "A trial account cannot send in this way. Use the trial number as 'From' of the credential, or upgrade the account.",
	},
];

export const RATE_ROWS: readonly FailureRow[] = [
	{
		code: ['20429', '63017', '63018'],
		is: 'rate_limited',
		reason: 'Twilio asks for fewer messages at once. Try again in a moment.',
		retryAfterMs: 1000,
	},
	{
		code: '14107',
		is: 'rate_limited',
		reason: 'Twilio takes this for an endless exchange: more than 30 messages went to this contact in quick succession. Wait for half a minute, and check that no other program answers there by itself.',
		retryAfterMs: MINUTE_MS / 2,
	},
	{
		code: ['30001', '21611'],
		is: 'rate_limited',
		reason: "More messages wait for this sender than it sends in ten hours. Send later, or use a messaging service with more numbers.",
		retryAfterMs: 10 * MINUTE_MS,
	},
	{
		code: ['30017', '30022'],
		is: 'rate_limited',
		reason: "The contact's network does not take messages as fast as they came. Try again later, and send fewer at once.",
		retryAfterMs: MINUTE_MS,
	},
	{
		code: ['30450', '30453', '30485'],
		is: 'rate_limited',
		reason: 'Twilio suspects fraud in the messages to this number and sends it nothing for half an hour or longer. Try again later; if it goes on, ask Twilio.',
		retryAfterMs: 30 * MINUTE_MS,
	},
	{
		code: ['30023', '30027', '30454', '60728', '63038'],
		is: 'quota_used',
		reason: 'The messages that Twilio or the network allows this account for the day or the hour are used up. Send later, or ask Twilio for a higher limit.',
	},
];

export const RECIPIENT_ROWS: readonly FailureRow[] = [
	{
		code: '21610',
		is: 'recipient_unreachable',
		reason: 'The contact has answered STOP to this sender and gets nothing from it until they write START. Use another channel.',
	},
	{
		code: ['21211', '21217', '21401', '21604', '63003', '63024'],
		is: 'recipient_unreachable',
		reason: "The contact's number is not one that exists. It needs + and the country code, e.g. +447900000000.",
	},
	{
		code: ['21614', '21635', '30006'],
		is: 'recipient_unreachable',
		reason: "The contact's number is a landline or belongs to a network that takes no SMS. Use another number or channel.",
	},
	{
		code: ['21265', '21266', '21268'],
		is: 'recipient_unreachable',
		reason: 'No SMS can be sent to this number: it is a short code, a premium number or the sender itself.',
	},
	{
		code: '21612',
		is: 'recipient_unreachable',
		reason: "Twilio has no way from this sender to the contact's number. Use a sender that may write to that country, or another channel.",
	},
	{
		code: ['30003', '63036'],
		is: 'recipient_unreachable',
		reason: "The contact's phone is switched off or cannot be reached. Send again later, or use another channel.",
	},
	{
		code: ['30004', '63014', '63033'],
		is: 'recipient_unreachable',
		reason: "The contact's number or network blocks messages of this sender. Use another channel.",
	},
	{
		code: ['30005', '21214'],
		is: 'recipient_unreachable',
		reason: "The contact's number is not known to its network (any more). Check it, or use another channel.",
	},
];

export const SENDER_ROWS: readonly FailureRow[] = [
	{
		code: '21408',
		is: 'configuration_invalid',
		reason: "This Twilio account may not write to the contact's country. In the Twilio Console open 'Messaging' > 'Settings' > 'Geo permissions', tick the country and save.",
	},
	{
		code: ['21606', '21601', '21603', '21212', '21616', '21657', '21659', '21660', '21661', '14102', '14108', '63002', '63007'],
		is: 'configuration_invalid',
		reason: "Twilio does not send from 'From' of the credential: it is not a number of this account, cannot send SMS, or may not write to that country. 'Phone Numbers' in the Twilio Console lists those that can.",
	},
	{
		code: ['21701', '21702', '21703', '21704', '21705', '30127'],
		is: 'configuration_invalid',
		reason: "The messaging service cannot send: it does not exist in this account, or has no number that may write to the contact. In the Twilio Console open 'Messaging' > 'Services', and check its ID and its 'Sender Pool'.",
	},
	{
		code: ['21709', '21711', '21712'],
		is: 'configuration_invalid',
		reason: "'From' of the credential is not in the messaging service. Add it to the service's 'Sender Pool' in the Twilio Console, or leave 'From' empty.",
	},
	{
		code: ['30033', '30034', '30035'],
		is: 'configuration_invalid',
		reason: "US networks take messages of this number only with an approved A2P 10DLC campaign. Register it in the Twilio Console under 'Messaging' > 'Regulatory Compliance', or wait until that is done.",
	},
	{
		code: '30032',
		is: 'configuration_invalid',
		reason: "This toll-free number is not verified, so that it cannot write to the US and Canada. Have it verified in the Twilio Console under 'Messaging' > 'Regulatory Compliance'.",
	},
	{
		code: ['30018', '30024', '30040', '30041', '30042', '30043'],
		is: 'configuration_invalid',
		reason: "The contact's country or network takes messages of registered senders only, or not of this name. Register the sender with Twilio for that country, or use a number.",
	},
	{
		code: ['21621', '21622'],
		is: 'configuration_invalid',
		reason: "This sender cannot send files (MMS). Use a number of the US or Canada that can, or send a link.",
	},
	{
		code: '21609',
		is: 'configuration_invalid',
		reason: "Twilio does not take n8n's address for news of delivery: it must be public, and its host name without underscores. Check n8n's WEBHOOK_URL.",
	},
	{
		code: ['11200', '11201', '11202', '11205', '11210', '11217', '11220', '11235', '11236', '11237', '63019'],
		is: 'configuration_invalid',
		reason: "Twilio could not fetch the file from this n8n. Check that n8n's WEBHOOK_URL leads here from the internet, with a valid certificate.",
	},
];
