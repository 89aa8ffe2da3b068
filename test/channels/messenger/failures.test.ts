import { messenger } from '../../../src/channels/messenger';
import { FAILURES } from '../../../src/channels/messenger/failures';
import { PAGE_ID, fakeMessenger, PSID } from '../../fakes/messenger';
import { describeMetaFailures } from '../meta-failures';

describeMetaFailures({
	channel: messenger,
	failures: FAILURES,
	account: PAGE_ID,
	user: PSID,
	tokenField: 'pageAccessToken',
	start: () => fakeMessenger(),
});
