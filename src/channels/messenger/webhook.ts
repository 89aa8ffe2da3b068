import type { Channel } from '../../core/channel';
import { isSignedByApp, verifyChallenge } from '../kit/meta/webhook';
import { readMetaWebhook } from '../kit/meta/messaging';
import type { MessengerCredential } from './credential';

export const webhook: Channel<MessengerCredential>['webhook'] = {
	handshake: (request, { verifyToken }) => verifyChallenge(request, verifyToken),
	isAuthentic: (request, { appSecret }) => isSignedByApp(request, [appSecret]),
	parse: (request, { appId }, account) => readMetaWebhook(request, { id: 'messenger', object: 'page', appId }, account),
};
