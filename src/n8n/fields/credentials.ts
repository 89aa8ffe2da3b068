import type { INodeCredentialDescription } from 'n8n-workflow';
import { channelIds, channels } from '../../channels';
import type { ChannelId } from '../../core/channel';

/** Of `methods.credentialTest`: 'telegramTest'. */
export function credentialTestName(id: ChannelId): string {
	return `${id}Test`;
}

/** The credentials of a node: each is asked for while its channel is chosen in `parameter`. */
export function channelCredentials(parameter: 'connectedChannels' | 'channels'): INodeCredentialDescription[] {
	return channelIds.flatMap((id) => {
		const { provider } = channels[id];
		if (!provider) return [];
		return [
			{
				name: provider.credentialType,
				required: true,
				displayOptions: { show: { [parameter]: [id] } },
				testedBy: credentialTestName(id),
			},
		];
	});
}
