import type { ICredentialType, INodeProperties } from 'n8n-workflow';

// eslint-disable-next-line @n8n/community-nodes/credential-test-required -- the nodes test it (testedBy), so that a failed test names its cause
export class ConversationsTwilioApi implements ICredentialType {
	name = 'conversationsTwilioApi';

	displayName = 'Conversations: Twilio API';

	icon = { light: 'file:../icons/sms.svg', dark: 'file:../icons/sms.dark.svg' } as const;

	documentationUrl = 'https://github.com/conversations-for-n8n/n8n-nodes-conversations/blob/main/docs/channels/sms.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Account SID',
			name: 'accountSid',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. AC00000000000000000000000000000001',
			description: "On the start page of the Twilio Console, under 'Account Info'. It begins with AC.",
		},
		{
			displayName: 'Auth Token',
			name: 'authToken',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				"Beside the Account SID, behind 'Show'. Use the primary token: it also proves that a message comes from Twilio, which the secret of an API key cannot.",
		},
		{
			displayName: 'From',
			name: 'from',
			type: 'string',
			default: '',
			placeholder: 'e.g. +15005550006',
			description:
				"The number that messages go out from, as 'Phone Numbers' in the Twilio Console lists it; also a short code. A name such as 'Shop' can send but not receive. May be empty with a messaging service.",
		},
		{
			displayName: 'Messaging Service SID',
			name: 'messagingServiceSid',
			type: 'string',
			default: '',
			placeholder: 'e.g. MG00000000000000000000000000000001',
			description:
				"Under 'Messaging' > 'Services' in the Twilio Console; begins with MG. The service sends, from the number in 'From' or from one that it chooses, and receives for all its numbers. May be empty with 'From'.",
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.twilio.com',
			placeholder: 'e.g. https://api.twilio.com',
			description: "Only for another region of Twilio's, or for a gateway of your own between n8n and Twilio",
		},
	];
}
