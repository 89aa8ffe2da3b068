import { ConversationsError, failure, type Failure } from '../../core/failure';
import { failureOf, type FailureRow, type Refusal } from '../kit/call';
import { objectAt, textAt, type JsonObject } from '../kit/json';
import { PERMISSION_CODES } from '../kit/meta/refusal';
import type { WhatsAppCredential } from './credential';
import { CALLS_WAIT_MS, MAINTENANCE_WAIT_MS, PAIR_WAIT_MS, THROUGHPUT_WAIT_MS, WHATSAPP } from './facts';

/**
 * What the codes of the Cloud API mean, in answers and in `failed` statuses.
 * Source: developers.facebook.com, WhatsApp Business Platform, support/error-codes; read 2026-11-21.
 */
export const FAILURES: readonly FailureRow[] = [
	{
		code: ['131047', '470'],
		is: 'window_closed',
		reason: 'More than 24 hours have passed since the contact last wrote to this WhatsApp number. Send an approved template, or wait until the contact writes.',
	},

	// Credential and set-up
	{
		code: ['0', '190'],
		is: 'credential_invalid',
		reason: "WhatsApp does not accept the access token: it has expired, was revoked or belongs to another app. Make a new one for a system user in Meta's Business Settings and put it into the credential.",
	},
	{
		code: PERMISSION_CODES,
		is: 'credential_invalid',
		reason: "The access token lacks a permission. Give its system user the WhatsApp account as an asset in Meta's Business Settings, and make a token with 'whatsapp_business_messaging' and 'whatsapp_business_management'.",
	},
	{
		code: ['368', '131031'],
		is: 'configuration_invalid',
		reason: "Meta has restricted or locked the WhatsApp Business Account. See why under 'Account Quality' in WhatsApp Manager and ask there for a review.",
	},
	{
		code: '131037',
		is: 'configuration_invalid',
		reason: "The display name of the WhatsApp number is not approved yet. See 'Phone Numbers' in WhatsApp Manager.",
	},
	{
		code: ['131042', '134011'],
		is: 'configuration_invalid',
		reason: "Meta cannot charge the WhatsApp Business Account. Check its payment method, credit line and terms under 'Billing' in Meta's Business Settings.",
	},
	{
		code: ['131045', '133006', '133010'],
		is: 'configuration_invalid',
		reason: "The WhatsApp number is not registered for the Cloud API. Register it by one call with its PIN, as 'Register a number' in the guide of WhatsApp shows.",
	},
	{
		code: '133005',
		is: 'configuration_invalid',
		reason: "The PIN of the WhatsApp number's two-step verification is not right. Set a new one under 'Phone Numbers' in WhatsApp Manager.",
	},
	{
		code: '2200',
		is: 'configuration_invalid',
		reason: "Meta called the webhook address and did not get the answer it wants. n8n must be reached from the internet under that address by https, with a certificate that Meta trusts.",
	},
	{
		message: /callback (verification|url|uri)|callback_ur[il]/i,
		is: 'configuration_invalid',
		reason: 'Meta does not take the webhook address, or called it and did not get the answer it wants. n8n must be reached from the internet under that address by https, with a certificate that Meta trusts.',
	},
	{
		code: '33',
		is: 'configuration_invalid',
		reason: "WhatsApp does not know this phone number id, or the number was deleted. Check 'Phone Number ID' of the credential.",
	},
	{
		code: '100',
		subcode: '33',
		is: 'configuration_invalid',
		reason: "WhatsApp has nothing under this id that the access token may use. Check 'Phone Number ID' of the credential, and that the token's system user has the WhatsApp account as an asset.",
	},

	// Templates
	{
		code: ['132000', '132005', '132012'],
		is: 'configuration_invalid',
		reason: "The values do not fit the template: their number, length or form is not what it needs. Compare them with the template in WhatsApp Manager.",
	},
	{
		code: '132001',
		is: 'configuration_invalid',
		reason: 'There is no approved template of this name in this language. Check both, and its status in WhatsApp Manager.',
	},
	{
		code: '132007',
		is: 'configuration_invalid',
		reason: "The template's wording is against WhatsApp's policy. Change it in WhatsApp Manager and have it approved again.",
	},
	{
		code: ['132015', '132016'],
		is: 'configuration_invalid',
		reason: 'WhatsApp has paused or disabled the template because people rated it badly. Choose another, or change it in WhatsApp Manager.',
	},
	{
		code: ['132068', '132069'],
		is: 'configuration_invalid',
		reason: "The template's flow is blocked or limited. See its state under 'Flows' in WhatsApp Manager.",
	},
	{
		code: ['2388019', '2388040', '2388047', '2388072', '2388073', '2388293', '2388299'],
		is: 'configuration_invalid',
		reason: 'WhatsApp does not take the template as it is written. Correct it in WhatsApp Manager.',
	},

	// The person
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
		is: 'rejected',
		reason: "The contact's number is the business's own. Write to another contact.",
	},
	{
		code: '131062',
		is: 'content_unsupported',
		reason: "This message can be sent to a phone number only, and WhatsApp does not tell this contact's. Ask the contact for the number.",
	},

	// Too much
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

	// The message
	{
		code: ['131053', '131052'],
		is: 'content_unsupported',
		reason: 'WhatsApp could not use the file: its type or its content is not what WhatsApp takes. Send it in another format.',
	},
	{
		code: '100',
		message: /must be a file with one of the following types/i,
		is: 'content_unsupported',
		reason: 'WhatsApp does not take files of this type. Send it in another format, e.g. as PDF.',
	},
	{
		code: ['100', '131008', '131009', '131051', '135000'],
		is: 'content_unsupported',
		reason: "WhatsApp does not take a value of this message. 'providerMessage' says which; labels of choices, for example, must differ from each other.",
	},

	// Their side
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

	{ status: 401, is: 'credential_invalid', reason: "WhatsApp does not accept the access token. Put a new one into the credential." },
];

const STRANGE_APP = "The App ID and App Secret do not belong together. Copy both from 'App settings' > 'Basic' in Meta's App Dashboard; without them nothing can be received.";
const UNSEEN_APP = "The app was not shown, which leaves open whether 'App ID' and 'App Secret' of the credential belong together. Compare them with 'App settings' > 'Basic' in Meta's App Dashboard.";

/** Of calls with the app's own token, which is made of these two fields. Only Meta's own words say that they do not fit. */
export const APP_FAILURES: readonly FailureRow[] = [
	{ code: '101', is: 'credential_invalid', reason: STRANGE_APP },
	{ code: ['1', '190'], message: /signature|client secret|validating application/i, is: 'credential_invalid', reason: STRANGE_APP },
	{ code: ['0', '1', '190'], is: 'rejected', reason: UNSEEN_APP },
	{ status: 401, is: 'rejected', reason: UNSEEN_APP },
];

/** `rows`: what a code means for this very call; asked before the table. */
export function refused(refusal: Refusal, credential: WhatsAppCredential, rows: readonly FailureRow[] = []): ConversationsError {
	return new ConversationsError(failureOf(WHATSAPP, [...rows, ...FAILURES], withoutSecrets(refusal, credential)));
}

/** Meta repeats a token that it cannot read. */
function withoutSecrets(refusal: Refusal, { accessToken, appSecret, verifyToken }: WhatsAppCredential): Refusal {
	if (refusal.message === undefined) return refusal;
	const secrets = [accessToken, appSecret, verifyToken].filter((secret) => secret !== '');
	return { ...refusal, message: secrets.reduce((text, secret) => text.replaceAll(secret, '…'), refusal.message) };
}

/** The last row for what fails late. */
const UNDELIVERED: FailureRow = {
	is: 'not_delivered',
	reason: "WhatsApp took the message and could not deliver it. 'providerMessage' says why, if WhatsApp did; use another channel.",
};

/** Of a `failed` status. The message was accepted before, so that sending it again could double it. */
export function lateFailure(error: JsonObject): Failure {
	const said = [textAt(error, 'message') ?? textAt(error, 'title'), textAt(objectAt(error, 'error_data'), 'details')];
	const message = said.filter(Boolean).join(' ');
	const code = textAt(error, 'code');
	const found = failureOf(WHATSAPP, [...FAILURES, UNDELIVERED], { status: 0, code: code ?? 'none', ...(message && { message }) });
	return { ...found, retryable: false, retryAfterMs: null, providerCode: code ?? null };
}

/** A 2xx that does not say what it should. */
export function unreadable(): ConversationsError {
	return new ConversationsError(
		failure(
			'outcome_unknown',
			"What WhatsApp answered is not in its format, so it is not known whether the message was sent. Check 'Base URL' of the credential; the message is not sent again, so that the contact does not get it twice.",
			{ channel: WHATSAPP.id },
		),
	);
}
