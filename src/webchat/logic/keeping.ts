/** The part of the web's `Storage` that the page uses. */
export interface Keeping {
	read(key: string): string | null;
	write(key: string, value: string): void;
	remove(key: string): void;
	keys(): string[];
}

/**
 * The browser's storage, or memory where the browser refuses it (private mode, blocked third-party storage, quota):
 * then the chat works until the page is closed.
 * @param open may throw: already the access to `window.localStorage` does in some settings
 */
export function keepingIn(open: () => Storage): Keeping {
	const memory = new Map<string, string>();
	const storage = storageOrNull(open);
	return {
		read: (key) => memory.get(key) ?? storage?.getItem(key) ?? null,
		write: (key, value) => {
			if (!stored(storage, key, value)) memory.set(key, value);
			else memory.delete(key);
		},
		remove: (key) => {
			memory.delete(key);
			storage?.removeItem(key);
		},
		keys: () => {
			const keys = new Set(memory.keys());
			for (let i = 0; i < (storage?.length ?? 0); i++) keys.add(storage?.key(i) ?? '');
			return [...keys];
		},
	};
}

function storageOrNull(open: () => Storage): Storage | null {
	try {
		const storage = open();
		storage.getItem('');
		return storage;
	} catch {
		// SecurityError: the browser keeps nothing for this page.
		return null;
	}
}

function stored(storage: Storage | null, key: string, value: string): boolean {
	try {
		storage?.setItem(key, value);
		return storage !== null;
	} catch {
		// QuotaExceededError.
		return false;
	}
}
