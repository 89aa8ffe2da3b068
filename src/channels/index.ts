import { CHANNEL_IDS, type Channel, type ChannelId } from '../core/channel';
import { webchat } from './webchat';

/** Every channel there is. One that is missing does not compile. */
export const channels: Record<ChannelId, Channel> = { webchat };

export const channelIds: readonly ChannelId[] = CHANNEL_IDS;
