import { eachWithStore, type StoreEngine } from './harness';
import { NOW } from './rows';

export function receiverStatesContract(engine: StoreEngine): void {
	const opened = eachWithStore(engine);
	const states = () => opened().store.records.receiverStates;
	const NOTHING = { cursor: null, okAt: null, problem: null, problemSince: null, endedAt: null };

	test('what is wrong is known since it began, until all is well', async () => {
		expect(await states().get('email/a')).toBeUndefined();
		await states().failed('email/a', 'The password is wrong.', NOW);
		await states().failed('email/a', 'Nobody answers.', NOW + 5);
		expect(await states().get('email/a')).toEqual({ ...NOTHING, key: 'email/a', problem: 'Nobody answers.', problemSince: NOW });
		await states().worked('email/a', NOW + 9);
		expect(await states().get('email/a')).toEqual({ ...NOTHING, key: 'email/a', okAt: NOW + 9 });
		await states().failed('email/a', 'Nobody answers.', NOW + 12);
		expect(await states().get('email/a')).toEqual({
			key: 'email/a',
			cursor: null,
			okAt: NOW + 9,
			problem: 'Nobody answers.',
			problemSince: NOW + 12,
			endedAt: null,
		});
	});

	test('how far was read outlives what goes wrong and the end of receiving', async () => {
		await states().setCursor('email/a', '1');
		await states().setCursor('email/a', 'ä:2');
		await states().setCursor('email/b', '7');
		await states().failed('email/a', 'Nobody answers.', NOW);
		await states().worked('email/a', NOW + 1);
		expect(await states().get('email/a')).toEqual({ ...NOTHING, key: 'email/a', cursor: 'ä:2', okAt: NOW + 1 });
		await states().failed('email/a', 'Nobody answers.', NOW + 2);
		await states().ended('email/a', NOW + 3);
		await states().ended('nothing', NOW + 3);
		expect(await states().get('email/a')).toEqual({ ...NOTHING, key: 'email/a', cursor: 'ä:2', okAt: NOW + 1, endedAt: NOW + 3 });
		await states().worked('email/a', NOW + 4);
		expect(await states().get('email/a')).toEqual({ ...NOTHING, key: 'email/a', cursor: 'ä:2', okAt: NOW + 4 });
		expect(await states().get('email/b')).toEqual({ ...NOTHING, key: 'email/b', cursor: '7' });
		expect(await states().get('nothing')).toBeUndefined();
	});

	test('news of one key that comes at once from two sides is all kept', async () => {
		const { receiverStates: elsewhere } = (await opened().reopen()).records;
		await Promise.all([
			states().setCursor('k', '1'),
			elsewhere.failed('k', 'Nobody answers.', NOW),
			states().failed('k', 'Nobody answers.', NOW),
		]);
		expect(await states().get('k')).toEqual({ key: 'k', cursor: '1', okAt: null, problem: 'Nobody answers.', problemSince: NOW, endedAt: null });
	});
}
