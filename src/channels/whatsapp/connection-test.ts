import { ConversationsError, failure } from '../../core/failure';
import type { CallPorts } from '../../core/provider';
import type { FailureRow } from '../kit/call';
import { objectsAt, textAt, type JsonObject } from '../kit/json';
import { appSubscription, unlessUnseen } from './app';
import type { WhatsAppCredential } from './credential';
import { REGISTERED_PLATFORM, WHATSAPP } from './facts';
import { ask } from './graph';

type Ports = CallPorts<WhatsAppCredential>;

const NUMBER_FIELDS = 'id,display_phone_number,verified_name,code_verification_status';
/** Told by the Graph API, and not in its documented list of fields. */
const PLATFORM_FIELD = 'platform_type';

/** What the codes of a look-up mean: there the id is all that can be wrong. */
function rowsFor(field: string, what: string): readonly FailureRow[] {
	return [
		{
			code: ['100', '33', '803'],
			is: 'configuration_invalid',
			reason: `Meta has no ${what} under '${field}' of the credential that the access token may use. Check the id under 'API Setup' in Meta's App Dashboard, and that the token's system user has the WhatsApp account as an asset.`,
		},
		{
			code: ['3', '10', '200'],
			is: 'credential_invalid',
			reason: `The access token may not see the ${what}. Give its system user the WhatsApp account as an asset in Meta's Business Settings, and make a token with the permission 'whatsapp_business_management'.`,
		},
	];
}

/** Only looks: nothing is sent and nothing is changed. */
export async function test(ports: Ports): Promise<string> {
	const { phoneNumberId, businessAccountId, appId, appSecret } = ports.credential;
	const number = await ask(
		ports,
		{ method: 'GET', url: `/${phoneNumberId}`, query: { fields: NUMBER_FIELDS } },
		rowsFor('Phone Number ID', 'WhatsApp number'),
	);
	const display = textAt(number, 'display_phone_number');
	if (textAt(number, 'id') !== phoneNumberId || display === undefined) {
		throw wrong("What answers is not the Graph API. Check 'Base URL' and 'Graph Version' of the credential.");
	}
	if (businessAccountId) await checkAccount(ports);
	await checkRegistered(number, ports);
	const isAppSeen = (await appSubscription(ports)) !== null;
	const name = textAt(number, 'verified_name');
	return [
		`Connected to the WhatsApp number ${display}${name === undefined ? '' : ` (${name})`}.`,
		...(businessAccountId ? [] : ["Without 'Business Account ID' templates are not listed and the webhook is set by hand."]),
		...(appSecret ? [] : ["Without 'App Secret' nothing can be received."]),
		...(appId && appSecret && !isAppSeen ? ["Whether 'App ID' and 'App Secret' belong together could not be seen."] : []),
	].join(' ');
}

async function checkAccount(ports: Ports): Promise<void> {
	const { phoneNumberId, businessAccountId } = ports.credential;
	const rows = rowsFor('Business Account ID', 'WhatsApp Business Account');
	const query = { fields: 'id', limit: '100' };
	const numbers = await ask(ports, { method: 'GET', url: `/${businessAccountId}/phone_numbers`, query }, rows);
	if (!objectsAt(numbers, 'data').some((each) => textAt(each, 'id') === phoneNumberId)) {
		throw wrong("The number of 'Phone Number ID' does not belong to the account of 'Business Account ID'. Copy both from the same page, 'API Setup' in Meta's App Dashboard.");
	}
	await ask(ports, { method: 'GET', url: `/${businessAccountId}/message_templates`, query: { fields: 'id', limit: '1' } }, rows);
}

/** A number whose code has expired sends all the same, so that the platform decides. */
async function checkRegistered(number: JsonObject, ports: Ports): Promise<void> {
	const url = `/${ports.credential.phoneNumberId}`;
	const platform = textAt(await unlessUnseen(() => ask(ports, { method: 'GET', url, query: { fields: PLATFORM_FIELD } })), PLATFORM_FIELD);
	if (platform === undefined || platform === REGISTERED_PLATFORM) return;
	const display = textAt(number, 'display_phone_number') ?? '';
	const next =
		textAt(number, 'code_verification_status') === 'VERIFIED'
			? "Register it by one call with its PIN, as 'Register a number' in the guide of WhatsApp shows."
			: "Verify it under 'Phone Numbers' in WhatsApp Manager with a code by SMS or call. Then register it by one call with its PIN, as 'Register a number' in the guide of WhatsApp shows.";
	throw wrong(`The number ${display} is not registered for the Cloud API, so it cannot send. ${next}`);
}

function wrong(reason: string): ConversationsError {
	return new ConversationsError(failure('configuration_invalid', reason, { channel: WHATSAPP.id }));
}
