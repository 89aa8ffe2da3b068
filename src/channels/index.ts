import { CHANNEL_IDS, type Channel, type ChannelId } from '../core/channel';
import { instagram } from './instagram';
import { line } from './line';
import { messenger } from './messenger';
import { telegram } from './telegram';
import { viber } from './viber';
import { webchat } from './webchat';
import { whatsapp } from './whatsapp';

/** Every channel there is. One that is missing does not compile. */
export const channels: Record<ChannelId, Channel> = { webchat, telegram, whatsapp, messenger, instagram, line, viber };

export const channelIds: readonly ChannelId[] = CHANNEL_IDS;
