/** A browser's storage with room for so many characters. */
export class FakeStorage implements Storage {
	private readonly values = new Map<string, string>();

	constructor(private readonly room = Infinity) {}

	get length(): number {
		return this.values.size;
	}

	key(index: number): string | null {
		return [...this.values.keys()][index] ?? null;
	}

	getItem(key: string): string | null {
		return this.values.get(key) ?? null;
	}

	setItem(key: string, value: string): void {
		if (key.length + value.length > this.room) throw new DOMException('full', 'QuotaExceededError');
		this.values.set(key, value);
	}

	removeItem(key: string): void {
		this.values.delete(key);
	}

	clear(): void {
		this.values.clear();
	}
}
