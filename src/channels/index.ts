import { CHANNEL_IDS, type Channel, type ChannelId } from '../core/channel';
import { custom } from './custom';
import { email } from './email';
import { instagram } from './instagram';
import { line } from './line';
import { messenger } from './messenger';
import { sms } from './sms';
import { telegram } from './telegram';
import { tiktok } from './tiktok';
import { viber } from './viber';
import { webchat } from './webchat';
import { wechat } from './wechat';
import { whatsapp } from './whatsapp';

/** Every channel there is. One that is missing does not compile. */
export const channels: Record<ChannelId, Channel> = {
	webchat,
	telegram,
	whatsapp,
	messenger,
	instagram,
	line,
	viber,
	sms,
	email,
	wechat,
	tiktok,
	custom,
};

export const channelIds: readonly ChannelId[] = CHANNEL_IDS;
