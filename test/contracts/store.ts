import { contactsContract } from '../store/contract/contacts';
import { conversationsContract } from '../store/contract/conversations';
import { deletionContract } from '../store/contract/deletion';
import { deliveriesContract } from '../store/contract/deliveries';
import { filesContract } from '../store/contract/files';
import type { StoreEngine } from '../store/contract/harness';
import { messagesContract } from '../store/contract/messages';
import { staffContract } from '../store/contract/staff';
import { transactionsContract } from '../store/contract/transactions';
import { versionsContract } from '../store/contract/versions';
import { waitsContract } from '../store/contract/waits';

/** What every implementation of the `Store` port promises. */
export function storeContract(engine: StoreEngine): void {
	describe(`store on ${engine.name}`, () => {
		describe('transactions and changes', () => transactionsContract(engine));
		describe('versions of the data', () => versionsContract(engine));
		describe('contacts and addresses', () => contactsContract(engine));
		describe('conversations', () => conversationsContract(engine));
		describe('messages, events and keys', () => messagesContract(engine));
		describe('subscriptions and deliveries', () => deliveriesContract(engine));
		describe('waits', () => waitsContract(engine));
		describe('agents, teams and categories', () => staffContract(engine));
		describe('files and secrets', () => filesContract(engine));
		describe('deletion of a contact', () => deletionContract(engine));
	});
}
