import { keepingIn } from '../../src/webchat/logic/keeping';
import { UnsentBox, type Unsent } from '../../src/webchat/logic/unsent';
import { FakeStorage } from './fake-storage';

const unsent = (id: string, createdAt: number): Unsent => ({ id, createdAt, text: `text of ${id}`, attachments: [], choice: null, refusal: null });

describe('the browser’s storage', () => {
	test('keeps, where the browser allows it', () => {
		const storage = new FakeStorage();
		keepingIn(() => storage).write('a', '1');
		expect(keepingIn(() => storage).read('a')).toBe('1');
	});

	test.each<[string, () => Storage]>([
		[
			'access refused',
			() => {
				throw new DOMException('no', 'SecurityError');
			},
		],
		['full', () => new FakeStorage(0)],
	])('%s: memory does it until the page is closed', (_, open) => {
		const keeping = keepingIn(open);
		keeping.write('a', '1');
		keeping.write('a', '2');
		expect(keeping.read('a')).toBe('2');
		expect(keeping.keys()).toEqual(['a']);
		keeping.remove('a');
		expect(keeping.read('a')).toBeNull();
	});

	test('a value that no longer fits hides the older one that did', () => {
		const storage = new FakeStorage(10);
		const keeping = keepingIn(() => storage);
		keeping.write('a', '1');
		keeping.write('a', 'x'.repeat(20));
		expect(keeping.read('a')).toBe('x'.repeat(20));
		keeping.remove('a');
		expect(keeping.read('a')).toBeNull();
	});
});

describe('unsent messages', () => {
	test('come back after a crash, oldest first, those of other pages not', () => {
		const storage = new FakeStorage();
		const box = new UnsentBox(keepingIn(() => storage), 'page one ');
		box.put(unsent('b', 2));
		box.put(unsent('a', 1));
		new UnsentBox(keepingIn(() => storage), 'page two ').put(unsent('c', 3));
		const again = new UnsentBox(keepingIn(() => storage), 'page one ');
		expect(again.all()).toEqual([unsent('a', 1), unsent('b', 2)]);
		again.remove('a');
		expect(box.has('a')).toBe(false);
		expect(box.has('b')).toBe(true);
	});

	test('what somebody else wrote under our name is passed over', () => {
		const storage = new FakeStorage();
		for (const [key, value] of Object.entries({ 'p x': 'no JSON', 'p y': '{"id":1}', 'p z': 'null' })) storage.setItem(key, value);
		expect(new UnsentBox(keepingIn(() => storage), 'p ').all()).toEqual([]);
	});
});
