import type { ICredentialType, INodeProperties } from 'n8n-workflow';

// eslint-disable-next-line @n8n/community-nodes/credential-test-required -- the nodes test it (testedBy), so that a failed test names its cause
export class ConversationsWeChatApi implements ICredentialType {
	name = 'conversationsWeChatApi';

	displayName = 'Conversations: WeChat API';

	icon = { light: 'file:../icons/wechat.svg', dark: 'file:../icons/wechat.dark.svg' } as const;

	documentationUrl = 'https://github.com/conversations-for-n8n/n8n-nodes-conversations/blob/main/docs/channels/wechat.md';

	properties: INodeProperties[] = [
		{
			displayName: 'App ID',
			name: 'appId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. wxb11529c136998cb6',
			description:
				"The account's AppID: on the WeChat Developer Platform (developers.weixin.qq.com/platform), the account, 'Basic information' (基础信息)",
		},
		{
			displayName: 'App Secret',
			name: 'appSecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				"The account's AppSecret, in the same place under 'Development key' (开发密钥). It is shown only once, when it is made or reset. There, too, add the address of this n8n to the 'API IP whitelist'.",
		},
		{
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: "A word of your own, 3 to 32 letters and digits, that proves that messages come from WeChat. Enter the same as 'Token' in WeChat's message push settings (消息推送).",
		},
		// eslint-disable-next-line @n8n/community-nodes/credential-unnecessary-password -- what contacts write is encrypted with it
		{
			displayName: 'Encoding AES Key',
			name: 'encodingAesKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: "The EncodingAESKey, 43 letters and digits, as it stands in WeChat's message push settings, where it can be made. Empty: messages come in plain text, as on test accounts.",
		},
		{
			displayName: 'Messages per Window',
			name: 'messagesPerWindow',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: 20,
			description:
				"How many messages may go to a contact until the contact writes again. The next one is not sent and fails with 'quota_used'. Since June 2023 WeChat allows most accounts 5: enter 5 then, or WeChat itself refuses the sixth.",
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.weixin.qq.com',
			placeholder: 'e.g. https://api.weixin.qq.com',
			description: 'Only for a gateway of your own between n8n and WeChat, or one of its other addresses such as https://api2.weixin.qq.com',
		},
	];
}
