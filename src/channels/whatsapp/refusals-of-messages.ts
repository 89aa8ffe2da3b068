import type { FailureRow } from '../kit/call';
import { CALLS_WAIT_MS, MAINTENANCE_WAIT_MS, PAIR_WAIT_MS, THROUGHPUT_WAIT_MS } from './facts';

/** Source as in `refusals.ts`. */
export const WINDOW_ROWS: readonly FailureRow[] = [
	{
		code: ['131047', '470'],
		is: 'window_closed',
		reason: 'More than 24 hours have passed since the contact last wrote to this WhatsApp number. Send an approved template, or wait until the contact writes.',
	},
];

export const RECIPIENT_ROWS: readonly FailureRow[] = [
	{
		code: '131026',
		is: 'recipient_unreachable',
		reason: 'WhatsApp cannot deliver to this contact: the number is not on WhatsApp, has blocked the business, uses an old version or has not accepted the terms. Use another channel.',
	},
	{
		code: '131030',
		is: 'recipient_unreachable',
		reason: "A test number writes to listed recipients only. Add the contact's number under 'API Setup' in Meta's App Dashboard, or use a number of your own.",
	},
	{
		code: ['131049', '130472'],
		is: 'recipient_unreachable',
		reason: 'WhatsApp chose not to deliver this message, to limit how much marketing people get. Do not send it again within 24 hours; use another channel.',
	},
	{
		code: '131050',
		is: 'recipient_unreachable',
		reason: 'The contact has stopped marketing messages of this business. Send no more of them.',
	},
	{
		code: '130497',
		is: 'recipient_unreachable',
		reason: "Meta does not let this business write to people in the contact's country. Use another channel.",
	},
	{
		code: '131021',
		is: 'recipient_unreachable',
		reason: "The contact's number is the business's own. Write to another contact.",
	},
	{
		code: '131062',
		is: 'content_unsupported',
		reason: "This message can be sent to a phone number only, and WhatsApp does not tell this contact's. Ask the contact for the number.",
	},
];

export const RATE_ROWS: readonly FailureRow[] = [
	{
		code: '131056',
		is: 'rate_limited',
		retryAfterMs: PAIR_WAIT_MS,
		reason: 'Too many messages went to this contact in a short time. Wait some seconds, then send again.',
	},
	{
		code: '130429',
		is: 'rate_limited',
		retryAfterMs: THROUGHPUT_WAIT_MS,
		reason: 'The WhatsApp number sends more messages a second than it may. Wait some seconds, then send again.',
	},
	{
		code: '131048',
		is: 'rate_limited',
		retryable: false,
		reason: 'WhatsApp limits this number because people blocked or reported it. Send less for some hours, and see its quality in WhatsApp Manager.',
	},
	{
		code: ['4', '80007'],
		is: 'rate_limited',
		retryAfterMs: CALLS_WAIT_MS,
		reason: 'The app made more calls to WhatsApp than it may. Wait some minutes, then try again.',
	},
	{
		code: ['133008', '133009', '133015', '133016'],
		is: 'rate_limited',
		retryAfterMs: CALLS_WAIT_MS,
		reason: "The WhatsApp number was registered, or its PIN entered, too often. Wait as long as 'providerMessage' says.",
	},
];

export const CONTENT_ROWS: readonly FailureRow[] = [
	{
		code: ['131053', '131052'],
		is: 'content_unsupported',
		reason: 'WhatsApp could not use the file: its type or its content is not what WhatsApp takes. Send it in another format.',
	},
	{
		code: '100',
		message: /must be a file with one of the following types/i,
		says: ['must be a file with one of the following types'],
		is: 'content_unsupported',
		reason: 'WhatsApp does not take files of this type. Send it in another format, e.g. as PDF.',
	},
	{
		code: ['100', '131008', '131009', '131051', '135000'],
		is: 'content_unsupported',
		reason: "WhatsApp does not take a value of this message. 'providerMessage' says which; labels of choices, for example, must differ from each other.",
	},
];

export const SERVICE_ROWS: readonly FailureRow[] = [
	{
		code: ['131057', '2494100'],
		is: 'provider_unavailable',
		retryAfterMs: MAINTENANCE_WAIT_MS,
		reason: 'Meta is working on this WhatsApp number. Wait some minutes, then send again.',
	},
	{
		code: ['1', '2', '131000', '131016', '133000', '133004'],
		is: 'provider_unavailable',
		reason: "WhatsApp is not working properly at the moment and did not send the message. Try again later; Meta's status page tells more.",
	},
];
