import type { EarlyReceipt } from '../core/records';
import type { EarlyReceipts } from '../core/provider-store';
import { json, mapping, plain } from './mapping';
import type { EarlyReceiptsTable } from './schema';
import type { Scope } from './scope';

const receipt = mapping<EarlyReceipt, EarlyReceiptsTable>()({
	channel: plain('channel'),
	account: plain('account'),
	externalId: plain('external_id'),
	state: plain('state'),
	failure: json('failure'),
	at: plain('at'),
});

/** The way a message goes: for receipts of one moment, as providers that count in seconds send them. */
const WAY: readonly EarlyReceipt['state'][] = ['sent', 'delivered', 'read', 'failed'];

export function earlyReceipts(scope: Scope): EarlyReceipts {
	return {
		async keep(record) {
			await scope.db
				.insertInto('early_receipts')
				.values(receipt.row(record))
				// The provider said it twice.
				.onConflict((conflict) => conflict.doNothing())
				.execute();
		},
		async take(channel, account, externalIds) {
			if (externalIds.length === 0) return [];
			const rows = await scope.db
				.deleteFrom('early_receipts')
				.where('channel', '=', channel)
				.where('account', '=', account)
				.where('external_id', 'in', externalIds)
				.returning(receipt.columns)
				.execute();
			return rows.map(receipt.record).sort((a, b) => a.at - b.at || WAY.indexOf(a.state) - WAY.indexOf(b.state));
		},
		async deleteBefore(at) {
			await scope.db.deleteFrom('early_receipts').where('at', '<', at).execute();
		},
	};
}
