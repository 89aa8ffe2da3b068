/** The kinds of messenger there are. Apart from the contract, so that failures can name a channel. */
export const CHANNEL_IDS = ['webchat', 'telegram', 'whatsapp', 'messenger', 'instagram', 'line', 'viber', 'sms', 'email', 'wechat', 'tiktok', 'custom'] as const;
export type ChannelId = (typeof CHANNEL_IDS)[number];
