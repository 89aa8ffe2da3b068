import type { ContactAddress } from '../../../src/core/records';
import { eachWithStore, type StoreEngine } from './harness';
import { aContact, anAddress, NOW } from './rows';

export function addressesContract(engine: StoreEngine): void {
	const opened = eachWithStore(engine);
	const addresses = () => opened().store.records.addresses;
	const newAddress = async (user: string, given: Partial<ContactAddress> = {}) => {
		const contact = aContact();
		await opened().store.records.contacts.insert(contact);
		const address = anAddress(contact.id, { channel: 'whatsapp', account: 'number', user, ...given });
		expect(await addresses().insert(address)).toBe(true);
		return address;
	};
	/** The id that the address found by `user` is known by. */
	const ownerOf = async (user: string, account = 'number') =>
		(await addresses().find({ channel: 'whatsapp', account, user }))?.user;

	test('an address is found by its aliases, and no two addresses by one id', async () => {
		const ann = await newAddress('ann', { blockedAt: NOW - 1, reply: { token: 't', until: NOW } });
		const bob = await newAddress('bob');
		await addresses().addAliases(ann.id, ['ann-2', 'ann-3', 'ann-3', 'ann', 'bob']);
		await addresses().addAliases(bob.id, ['ann-2', 'ann', 'bob-2']);
		await addresses().addAliases(bob.id, ['bob-2']);
		await addresses().addAliases(bob.id, []);
		await addresses().addAliases('nobody', ['carl']);
		expect(await addresses().find({ channel: 'whatsapp', account: 'number', user: 'ann-2' })).toEqual(ann);
		expect(await Promise.all(['ann', 'ann-2', 'ann-3', 'bob', 'bob-2', 'carl'].map((user) => ownerOf(user)))).toEqual([
			'ann',
			'ann',
			'ann',
			'bob',
			'bob',
			undefined,
		]);
		// Verbatim, and on this account only.
		expect(await ownerOf('ANN-2')).toBeUndefined();
		expect(await ownerOf('ann-2', 'other')).toBeUndefined();
		expect(await addresses().insert(anAddress(bob.contactId, { ...bob, id: 'second', user: 'ann-2' }))).toBe(false);
		expect(await addresses().insert(anAddress(bob.contactId, { ...bob, id: 'third', user: 'ann-2', account: 'other' }))).toBe(true);
		expect((await opened().rows())['address_aliases']).toHaveLength(3);
	});

	test('a new id: the earlier ones lead there too, and ids go back and forth', async () => {
		const ann = await newAddress('1');
		await newAddress('taken');
		const other = await newAddress('other');
		await addresses().addAliases(other.id, ['alias']);

		expect(await addresses().rename(ann.id, '2')).toBe(true);
		expect(await addresses().get(ann.id)).toEqual({ ...ann, user: '2' });
		expect(await addresses().rename(ann.id, '2')).toBe(true);
		expect([await ownerOf('1'), await ownerOf('2')]).toEqual(['2', '2']);
		expect(await addresses().rename(ann.id, '1')).toBe(true);
		expect([await ownerOf('1'), await ownerOf('2')]).toEqual(['1', '1']);
		expect((await opened().rows())['address_aliases']).toHaveLength(2);

		for (const user of ['taken', 'alias']) expect(await addresses().rename(ann.id, user)).toBe(false);
		expect([await ownerOf('1'), await ownerOf('taken'), await ownerOf('alias')]).toEqual(['1', 'taken', 'other']);
		expect(await addresses().rename('nobody', '9')).toBe(false);
	});

	test('of two addresses that become one id at once, one does', async () => {
		const [one, two] = [await newAddress('one'), await newAddress('two')];
		const other = await opened().reopen();
		const won = await Promise.all([
			addresses().rename(one.id, 'both'),
			other.records.addresses.rename(two.id, 'both'),
		]);
		expect([...won].sort()).toEqual([false, true]);
		expect(await ownerOf(won[0] ? 'one' : 'two')).toBe('both');
		expect(await ownerOf(won[0] ? 'two' : 'one')).toBe(won[0] ? 'two' : 'one');
	});

	test('who blocked us is so until they write again', async () => {
		const { id } = await newAddress('ann');
		const blockedAt = async () => (await addresses().get(id))?.blockedAt;
		await addresses().setBlocked(id, NOW);
		expect(await blockedAt()).toBe(NOW);
		await addresses().touchOutbound(id, NOW + 1);
		expect(await blockedAt()).toBe(NOW);
		await addresses().touchInbound(id, NOW + 2);
		expect(await blockedAt()).toBeNull();
		await addresses().setBlocked(id, NOW + 3);
		// Brought late: not the last one.
		await addresses().touchInbound(id, NOW + 1);
		expect(await blockedAt()).toBe(NOW + 3);
		await addresses().setBlocked(id, null);
		expect(await blockedAt()).toBeNull();
	});

	test('messages since the last one of the contact are counted to a limit', async () => {
		const ann = await newAddress('ann', { lastInboundAt: NOW, sentSinceInbound: 1, lastInteractionAt: NOW });
		const sent = async () => (await addresses().get(ann.id))?.sentSinceInbound;
		expect(await addresses().reserve(ann.id, 3, 3)).toBe(false);
		expect(await addresses().reserve(ann.id, 2, 3)).toBe(true);
		expect(await addresses().reserve(ann.id, 1, 3)).toBe(false);
		// Reserved, not sent.
		expect(await addresses().get(ann.id)).toEqual({ ...ann, sentSinceInbound: 3 });
		await addresses().touchOutbound(ann.id, NOW + 1, 0);
		expect(await addresses().get(ann.id)).toEqual({ ...ann, sentSinceInbound: 3, lastInteractionAt: NOW + 1 });
		// Not held to the limit: it has gone.
		await addresses().touchOutbound(ann.id, NOW + 2, 2);
		await addresses().touchOutbound(ann.id, NOW + 3);
		expect(await sent()).toBe(6);
		await addresses().touchInbound(ann.id, NOW + 4);
		expect(await addresses().reserve(ann.id, 3, 3)).toBe(true);
		expect(await addresses().reserve('nobody', 1, 3)).toBe(false);
	});

	test('what did not go is taken out of the count, unless it began anew', async () => {
		const ann = await newAddress('ann', { lastInboundAt: NOW });
		const neverWrote = await newAddress('bob', { lastInboundAt: null, sentSinceInbound: 2 });
		const sent = async (id: string) => (await addresses().get(id))?.sentSinceInbound;
		await addresses().reserve(ann.id, 5, 5);
		await addresses().release(ann.id, 2, NOW);
		expect(await sent(ann.id)).toBe(3);
		for (const other of [NOW - 1, null]) await addresses().release(ann.id, 1, other);
		expect(await sent(ann.id)).toBe(3);
		await addresses().release(ann.id, 4, NOW);
		expect(await sent(ann.id)).toBe(0);

		await addresses().release(neverWrote.id, 1, NOW);
		expect(await sent(neverWrote.id)).toBe(2);
		await addresses().release(neverWrote.id, 1, null);
		expect(await sent(neverWrote.id)).toBe(1);

		await addresses().reserve(ann.id, 2, 5);
		await addresses().touchInbound(ann.id, NOW + 1);
		await addresses().reserve(ann.id, 1, 5);
		await addresses().release(ann.id, 2, NOW);
		expect(await sent(ann.id)).toBe(1);
		expect(await addresses().get(ann.id)).toEqual({ ...ann, lastInboundAt: NOW + 1, lastInteractionAt: NOW + 1, sentSinceInbound: 1 });
	});

	test('many that reserve at once never exceed the limit, and what is rolled back is not counted', async () => {
		const { id } = await newAddress('ann', { lastInboundAt: NOW, sentSinceInbound: 1 });
		const other = await opened().reopen();
		const reserved = await Promise.all(
			Array.from({ length: 30 }, (_, index) =>
				index % 2 === 0
					? addresses().reserve(id, 2, 10)
					: other.atomically((inside) => inside.addresses.reserve(id, 2, 10)),
			),
		);
		expect(reserved.filter(Boolean)).toHaveLength(4);
		const stopped = other.atomically(async (inside) => {
			expect(await inside.addresses.reserve(id, 1, 10)).toBe(true);
			throw new Error('stopped');
		});
		await expect(stopped).rejects.toThrow('stopped');
		expect((await addresses().get(id))?.sentSinceInbound).toBe(9);
	});

	test('a token for an answer serves once, while it holds', async () => {
		const { id } = await newAddress('ann');
		const reply = { token: 'token', until: NOW + 50 };
		expect(await addresses().takeReply(id, NOW)).toBeNull();
		await addresses().setReply(id, { token: 'earlier', until: NOW + 90 });
		await addresses().setReply(id, reply);
		expect((await addresses().get(id))?.reply).toEqual(reply);
		expect(await addresses().takeReply(id, NOW + 50)).toBeNull();

		const other = await opened().reopen();
		const taken = await Promise.all([
			addresses().takeReply(id, NOW + 49),
			other.records.addresses.takeReply(id, NOW + 49),
		]);
		expect(taken.filter((each) => each !== null)).toEqual([reply]);
		expect((await addresses().get(id))?.reply).toBeNull();
		expect(await addresses().takeReply('nobody', NOW)).toBeNull();
	});
}
