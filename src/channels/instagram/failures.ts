import type { FailureRow } from '../kit/call';
import type { MetaChannel } from '../kit/meta/graph';
import { metaFailures } from '../kit/meta/messaging-failures';

/** Provider code to failure; the rows that Messenger has too are in the kit. */
export const FAILURES: readonly FailureRow[] = metaFailures({
	name: 'Instagram',
	tokenFrom: "in Meta's App Dashboard ('Generate access tokens')",
	permissions:
		"'instagram_business_basic' and 'instagram_business_manage_messages', or, for an account that is linked to a Page, 'instagram_basic', 'instagram_manage_messages' and 'pages_manage_metadata'",
	accountField: "'Account ID' and 'Login Type'",
	afterWindow: "Let a person answer within 7 days (that needs the feature 'Human Agent'), or wait until the contact writes.",
});

export const CHANNEL: MetaChannel = { id: 'instagram', name: 'Instagram', failures: FAILURES };
