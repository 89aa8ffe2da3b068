import { ConversationsError, failure, type Failure } from '../../core/failure';
import { failureOf, type FailureRow, type Refusal } from '../kit/call';
import { objectAt, textAt, type JsonObject } from '../kit/json';
import type { WhatsAppCredential } from './credential';
import { WHATSAPP } from './facts';
import { ACCOUNT_ROWS, TEMPLATE_ROWS } from './refusals';
import { CONTENT_ROWS, RATE_ROWS, RECIPIENT_ROWS, SERVICE_ROWS, WINDOW_ROWS } from './refusals-of-messages';

/** The one table; the first line that fits counts. */
export const FAILURES: readonly FailureRow[] = [
	...WINDOW_ROWS,
	...ACCOUNT_ROWS,
	...TEMPLATE_ROWS,
	...RECIPIENT_ROWS,
	...RATE_ROWS,
	...CONTENT_ROWS,
	...SERVICE_ROWS,
	{ status: 401, is: 'credential_invalid', reason: "WhatsApp does not accept the access token. Put a new one into the credential." },
];

const STRANGE_APP = "The App ID and App Secret do not belong together. Copy both from 'App settings' > 'Basic' in Meta's App Dashboard; without them nothing can be received.";
const UNSEEN_APP = "The app was not shown, which leaves open whether 'App ID' and 'App Secret' of the credential belong together. Compare them with 'App settings' > 'Basic' in Meta's App Dashboard.";

/** Of calls with the app's own token, which is made of these two fields. Only Meta's own words say that they do not fit. */
export const APP_FAILURES: readonly FailureRow[] = [
	{ code: '101', is: 'credential_invalid', reason: STRANGE_APP },
	{ code: ['1', '190'], message: /signature|client secret|validating application/i, says: ['Error validating application'], is: 'credential_invalid', reason: STRANGE_APP },
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
export const UNDELIVERED: FailureRow = {
	when: 'any other code in a `failed` status',
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
