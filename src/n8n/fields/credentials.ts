import type { INodeCredentialDescription, INodeProperties } from 'n8n-workflow';
import { channelIds, channels } from '../../channels';
import type { ChannelId } from '../../core/channel';

/** Of `methods.credentialTest`: 'telegramTest'. */
export function credentialTestName(id: ChannelId): string {
	return `${id}Test`;
}

/** The credentials of a node: each is asked for while its channel is chosen in `parameter`. */
export function channelCredentials(parameter: 'connectedChannels' | 'channels'): INodeCredentialDescription[] {
	return channelIds.flatMap((id) => {
		const { provider, name } = channels[id];
		if (!provider) return [];
		return [
			{
				name: provider.credentialType,
				// As the channel is called where it was chosen: SMS, not Twilio.
				displayName: `Credential for ${name}`,
				required: true,
				displayOptions: { show: { [parameter]: [id] } },
				testedBy: credentialTestName(id),
			},
		];
	});
}

/** Where the editor asks for them: below the channels they belong to. Without it they stand above. */
export const credentialsPlace: INodeProperties = {
	displayName: 'Credentials',
	name: 'credentials',
	type: 'credentials',
	default: '',
	description: 'The accounts of these channels',
};
