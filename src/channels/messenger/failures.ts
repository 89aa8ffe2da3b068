import type { FailureRow } from '../kit/call';
import type { MetaChannel } from '../kit/meta/graph';
import { metaFailures } from '../kit/meta/messaging-failures';

/** Provider code to failure; the rows that Instagram has too are in the kit. */
export const FAILURES: readonly FailureRow[] = metaFailures({
	name: 'Messenger',
	tokenFrom: "under 'Messenger' > 'Messenger API Settings' > 'Generate access tokens' of the app",
	permissions: "'pages_messaging' and 'pages_manage_metadata'",
	accountField: "'Page ID'",
	afterWindow: "Send an approved template, let a person answer within 7 days (that needs the feature 'Human Agent'), or wait until the contact writes.",
});

export const CHANNEL: MetaChannel = { id: 'messenger', name: 'Messenger', failures: FAILURES };
