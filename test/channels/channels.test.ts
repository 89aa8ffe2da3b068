import { channelIds } from '../../src/channels';
import { webchat } from '../../src/channels/webchat';
import type { ChannelId } from '../../src/core/channel';
import { describeChannel } from '../contracts/channel';
import { subject as webchatSubject } from './webchat/subject';

/** A channel that is missing here does not compile. */
const contracts: Record<ChannelId, () => void> = {
	webchat: () => describeChannel(webchat, webchatSubject),
};

for (const id of channelIds) describe(`the channel contract: ${id}`, contracts[id]);
