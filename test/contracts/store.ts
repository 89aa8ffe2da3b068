import { addressesContract } from '../store/contract/addresses';
import { contactsContract } from '../store/contract/contacts';
import { conversationsContract } from '../store/contract/conversations';
import { deletionContract } from '../store/contract/deletion';
import { deliveriesContract } from '../store/contract/deliveries';
import { fetchesContract } from '../store/contract/fetches';
import { filesContract } from '../store/contract/files';
import type { StoreEngine } from '../store/contract/harness';
import { libraryContract } from '../store/contract/library';
import { messagePartsContract } from '../store/contract/message-parts';
import { messagesContract } from '../store/contract/messages';
import { quotasContract } from '../store/contract/quotas';
import { ratesContract } from '../store/contract/rates';
import { receiverStatesContract } from '../store/contract/receiver-states';
import { receiversContract } from '../store/contract/receivers';
import { sealedTokensContract } from '../store/contract/sealed-tokens';
import { snippetsContract } from '../store/contract/snippets';
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
		describe('ids, consent and replies of addresses', () => addressesContract(engine));
		describe('conversations', () => conversationsContract(engine));
		describe('messages, events and keys', () => messagesContract(engine));
		describe('parts and details of messages', () => messagePartsContract(engine));
		describe('subscriptions and deliveries', () => deliveriesContract(engine));
		describe('receivers and test listeners', () => receiversContract(engine));
		describe('how receiving goes', () => receiverStatesContract(engine));
		describe('sealed tokens', () => sealedTokensContract(engine));
		describe('fetches and early receipts', () => fetchesContract(engine));
		describe('quotas', () => quotasContract(engine));
		describe('turns under rates', () => ratesContract(engine));
		describe('waits', () => waitsContract(engine));
		describe('agents, teams and categories', () => staffContract(engine));
		describe('snippets', () => snippetsContract(engine));
		describe('files of the library', () => libraryContract(engine));
		describe('files and secrets', () => filesContract(engine));
		describe('deletion of a contact', () => deletionContract(engine));
	});
}
