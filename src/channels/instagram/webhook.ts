import type { Channel } from '../../core/channel';
import { isSignedByApp, verifyChallenge } from '../kit/meta/webhook';
import { readMetaWebhook } from '../kit/meta/messaging';
import type { InstagramCredential } from './credential';

export const webhook: Channel<InstagramCredential>['webhook'] = {
	handshake: (request, { verifyToken }) => verifyChallenge(request, verifyToken),
	isAuthentic: (request, { appSecret, instagramAppSecret }) => isSignedByApp(request, [appSecret, instagramAppSecret]),
	// An app with Instagram login has a second id, and it is not said which of them echoes name.
	parse: (request, { appId, loginType }, account) =>
		readMetaWebhook(request, { id: 'instagram', object: 'instagram', appId: loginType === 'facebook' ? appId : '' }, account),
};
