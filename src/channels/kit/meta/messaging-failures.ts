import type { FailureRow } from '../call';
import { PERMISSION_CODES } from './refusal';

/** What the sentences say differently on Messenger and on Instagram. */
export interface MetaWords {
	/** Of the channel. */
	name: string;
	/** Where the token is made, e.g. "under 'Generate access tokens' of the app". */
	tokenFrom: string;
	/** The permissions that the token needs. */
	permissions: string;
	/** The field that names our end, e.g. "'Page ID'". */
	accountField: string;
	/** What can still be done when the window has closed. */
	afterWindow: string;
}

/**
 * What a refusal of Messenger or Instagram means; the first line that fits counts, so exact subcodes come first.
 * Source: developers.facebook.com, Messenger Platform: error codes, and Graph API: error handling; read 2026-11-21.
 */
export function metaFailures(words: MetaWords): FailureRow[] {
	return [
		...windowRows(words),
		...tokenRows(words),
		...recipientRows(words),
		...restrictionRows(words),
		...setupRows(words),
		...contentRows(words),
		...serviceRows(words),
	];
}

function windowRows({ name, afterWindow }: MetaWords): FailureRow[] {
	const reason = `The contact's last message on ${name} is too long ago for this kind of message. ${afterWindow}`;
	return [
		{ code: '10', subcode: ['2018278', '2018065', '2534022'], is: 'window_closed', reason },
		// As a code of its own; as a subcode it means that the person cannot be reached.
		{ code: '1545041', is: 'window_closed', reason },
	];
}

function tokenRows({ name, tokenFrom, permissions }: MetaWords): FailureRow[] {
	const renew = `Make a new one ${tokenFrom} and put it into the credential.`;
	const row = (subcode: string | undefined, what: string): FailureRow => ({
		code: '190',
		...(subcode !== undefined && { subcode }),
		is: 'credential_invalid',
		reason: `${what} ${renew}`,
	});
	return [
		row('458', 'The person who made the access token has removed the app from their account, so Meta no longer takes the token.'),
		row('459', 'Meta asks the person who made the access token to log in on facebook.com and to confirm something; until then the token is locked.'),
		row('460', 'The person who made the access token has changed their password, so Meta no longer takes the token.'),
		row('463', 'The access token has expired.'),
		row('464', 'The account of the person who made the access token is not confirmed, so Meta does not take the token.'),
		row('467', 'The access token is no longer valid: the person logged out, or it was withdrawn.'),
		row('492', 'The person who made the access token no longer has the role that it was made with.'),
		row(undefined, `${name} does not know the access token.`),
		{
			code: '102',
			is: 'credential_invalid',
			reason: `The session of the access token has ended. Make a new one ${tokenFrom}, with the permissions ${permissions}, and put it into the credential.`,
		},
	];
}

function recipientRows({ name }: MetaWords): FailureRow[] {
	const reason = `${name} cannot deliver to this person: they have blocked messages, switched them off, or their account is not active. Try another channel.`;
	const unknown = `${name} knows nobody by this id. Ids belong to one account: check that the contact wrote to the account that this credential is for.`;
	return [
		{ code: '10', subcode: '2018108', is: 'recipient_unreachable', reason },
		{ code: '200', subcode: '1545041', is: 'recipient_unreachable', reason },
		{ code: '551', is: 'recipient_unreachable', reason },
		{ code: '100', subcode: ['2018001', '2534014'], is: 'recipient_unreachable', reason: unknown },
	];
}

function restrictionRows({ name }: MetaWords): FailureRow[] {
	const reason = `Meta has restricted messages of this account for breaking its rules. See 'Account Quality' at Meta; the restriction often ends after some days. Until then use another channel than ${name}.`;
	return [
		{ code: '10', subcode: '1893063', is: 'configuration_invalid', reason },
		{ code: ['368', '2022'], is: 'configuration_invalid', reason },
		{ code: '100', subcode: '2534029', is: 'configuration_invalid', reason },
	];
}

function setupRows({ permissions, accountField }: MetaWords): FailureRow[] {
	return [
		{
			code: '200',
			subcode: '2018028',
			is: 'configuration_invalid',
			reason: "The app may only write to people who have a role in it. Publish the app and get Advanced Access for its messaging permission in Meta's App Dashboard.",
		},
		{
			code: '200',
			subcode: '2534041',
			is: 'configuration_invalid',
			reason: "The owner of the Instagram account has not allowed apps to see its messages. Switch on 'Allow access to messages' in the Instagram app, under 'Messages and story replies'.",
		},
		{
			code: '10',
			subcode: '2534077',
			is: 'configuration_invalid',
			reason: 'The link between the Instagram account and its Page does not work, or the account asks for two-factor authentication. Link them again in the settings of the Page and log in with the second factor.',
		},
		{
			code: '100',
			subcode: '2534013',
			is: 'configuration_invalid',
			reason: 'The Page has no Instagram professional account. Link one in the Page settings, or use a token of the right Page.',
		},
		{
			code: '100',
			subcode: '33',
			is: 'configuration_invalid',
			reason: `Meta does not find the account, or the access token may not use it. Check ${accountField} of the credential, and that the token is of that account.`,
		},
		{
			code: PERMISSION_CODES,
			is: 'credential_invalid',
			reason: `The access token lacks a permission for this. It needs ${permissions}; what is sent as a person's answer after 24 hours also needs the feature 'Human Agent'. Grant them in Meta's App Dashboard and make a new token.`,
		},
	];
}

function contentRows({ name }: MetaWords): FailureRow[] {
	return [
		{
			code: '100',
			subcode: ['2018008', '2018047', '2018074', '2018109', '2018294', '2534015'],
			is: 'content_unsupported',
			reason: `${name} could not take the file: its type or size is not allowed, it is damaged, or it could not be fetched. Check that the file opens and that this n8n can be reached from the internet; or send another type of file.`,
		},
		{
			code: '100',
			subcode: '2534025',
			is: 'recipient_unreachable',
			reason: 'The comment cannot be answered by a private message. Answer it publicly, or wait until the person writes.',
		},
		{
			code: '100',
			subcode: ['2534037', '2018300', '2018321'],
			is: 'configuration_invalid',
			reason: `Another app has this conversation at the moment, so ${name} lets only that one write. Let it hand the conversation over, or make this app the default one in the account's conversation routing.`,
		},
		{
			code: '100',
			is: 'content_unsupported',
			reason: `${name} does not accept something in the message. 'providerMessage' names it; change the message accordingly.`,
		},
		{
			code: '9000001',
			is: 'content_unsupported',
			reason: "The message that this one belongs to was deleted. Leave 'Reply To' empty.",
		},
	];
}

function serviceRows({ name }: MetaWords): FailureRow[] {
	return [
		{
			code: ['4', '17', '32', '341', '613', '80001', '80002', '80006'],
			is: 'rate_limited',
			reason: `${name} asks to send more slowly. Try again after the time it names.`,
		},
		{
			code: '1',
			subcode: '99',
			is: 'provider_unavailable',
			reason: `${name} could not work on the request. Try again; if that does not help, check that the access token has all its permissions.`,
		},
		{
			code: ['1', '2'],
			is: 'provider_unavailable',
			reason: `${name} is out of order for the moment. Try again in some minutes.`,
		},
	];
}
