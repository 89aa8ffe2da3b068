import type { FailureRow } from '../kit/call';

/** What Twilio and the networks do not carry. Source and time as in `refusals.ts`. */
export const CONTENT_ROWS: readonly FailureRow[] = [
	{
		code: ['21617', '21605', '21658'],
		is: 'content_unsupported',
		reason: 'The text is too long for an SMS: Twilio takes 1,600 characters. Shorten it, or send it in parts.',
	},
	{
		code: ['21602', '21618', '21619', '14103'],
		is: 'content_unsupported',
		reason: 'Twilio found nothing to send in the message. Give it a text or a file.',
	},
	{
		code: ['21620', '21623', '12300', '12301'],
		is: 'content_unsupported',
		reason: "Twilio does not take a file of the message: its address or type is not right, or there are more than ten. Send it in another format, or as a link.",
	},
	{
		code: ['11751', '30019', '63034'],
		is: 'content_unsupported',
		reason: "The files are too large for Twilio or the contact's network. Send smaller ones, or a link.",
	},
	{
		code: '30011',
		is: 'content_unsupported',
		reason: "The contact's phone or region takes no files by SMS (MMS). Send a link instead.",
	},
	{
		code: ['30007', '63013'],
		is: 'content_unsupported',
		reason: "A filter of Twilio or the network held the message back, as advertising or against their rules. Change its words and links, and check the sender's registration.",
	},
	{
		code: ['21654', '21655', '21656'],
		is: 'content_unsupported',
		reason: 'Twilio wants this message as a content template, and these are not offered here. Send a text, or use another channel.',
	},
	{
		code: '63016',
		is: 'window_closed',
		reason: 'This sender may write freely only for some time after the contact has written. Wait until the contact writes, or use another channel.',
	},
];

/** What is only ever told of a message that Twilio had taken. */
export const LATE_ROWS: readonly FailureRow[] = [
	{
		code: '30036',
		is: 'not_delivered',
		reason: 'The message waited at Twilio for longer than it may. Send it again, and send fewer at once, or from more numbers.',
	},
	{
		code: '30410',
		is: 'not_delivered',
		reason: 'A network between Twilio and the contact did not answer, so the message may have arrived or not. Ask the contact, or send it again later.',
	},
];
