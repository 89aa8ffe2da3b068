import type { Channel } from '../../core/channel';
import { isSignedByApp, verifyChallenge } from '../kit/meta/webhook';
import { readMetaWebhook } from '../kit/meta/messaging';
import type { InstagramCredential } from './credential';

export const webhook: Channel<InstagramCredential>['webhook'] = {
	handshake: (request, { verifyToken }) => verifyChallenge(request, verifyToken),
	isAuthentic: (request, { appSecret, instagramAppSecret }) => isSignedByApp(request, [appSecret, instagramAppSecret]),
	parse: (request, _credential, account) => readMetaWebhook(request, { id: 'instagram', object: 'instagram' }, account),
};
