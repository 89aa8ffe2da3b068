import { instagram } from '../../../src/channels/instagram';
import { FAILURES } from '../../../src/channels/instagram/failures';
import { ACCOUNT_ID, fakeInstagram, IGSID } from '../../fakes/instagram';
import { describeMetaFailures } from '../meta-failures';

describeMetaFailures({
	channel: instagram,
	failures: FAILURES,
	account: ACCOUNT_ID,
	user: IGSID,
	tokenField: 'accessToken',
	start: () => fakeInstagram(),
});
