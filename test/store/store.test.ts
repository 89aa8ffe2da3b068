import { storeContract } from '../contracts/store';
import type { StoreEngine } from './contract/harness';
import { queryPlans } from './query-plans';
import { sqliteEngine } from './sqlite-engine';

const plans = queryPlans();
const engines: StoreEngine[] = [sqliteEngine(plans.observe, plans.watched)];

for (const engine of engines) storeContract(engine);

describe('queries of SQLite, as the tests above made them', () => plans.check());
