import type { ICredentialType, INodeProperties } from 'n8n-workflow';

// eslint-disable-next-line @n8n/community-nodes/credential-test-required -- the nodes test it (testedBy), so that a failed test names its cause
export class ConversationsCustomApi implements ICredentialType {
	name = 'conversationsCustomApi';

	displayName = 'Conversations: Custom Channel API';

	icon = { light: 'file:../icons/custom.svg', dark: 'file:../icons/custom.dark.svg' } as const;

	documentationUrl = 'https://github.com/conversations-for-n8n/n8n-nodes-conversations/blob/main/docs/channels/custom.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Channel ID',
			name: 'channelId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. ch_9f2a',
			description:
				"Names this channel in every message, in both directions. If the integration server has worked with respond.io, keep the Channel ID it has; for a new one choose any word, and enter the same in the server's settings.",
		},
		{
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'e.g. 40 random letters and digits',
			description:
				"The API Token that stands in the settings of the integration server. Both sides send it to each other to say who they are; for a new server make up a long random one.",
		},
		{
			displayName: 'URL',
			name: 'url',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://integration.example.com',
			description:
				"Address of the integration server. Messages are posted to it with '/message' at the end, which is added where it is missing. It may be in your own network.",
		},
	];
}
