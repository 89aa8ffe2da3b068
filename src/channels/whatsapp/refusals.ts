import type { FailureRow } from '../kit/call';
import { PERMISSION_CODES } from '../kit/meta/refusal';

/**
 * What the codes of the Cloud API mean, in answers and in `failed` statuses. The rest, about people and messages, is in
 * `refusals-of-messages.ts`.
 * Source: developers.facebook.com, WhatsApp Business Platform, support/error-codes; read 2026-11-21.
 */
export const ACCOUNT_ROWS: readonly FailureRow[] = [
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
		says: ['Callback verification failed'],
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
];

export const TEMPLATE_ROWS: readonly FailureRow[] = [
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
];
