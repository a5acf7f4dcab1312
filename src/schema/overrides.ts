/** One `-X PATH=VALUE`, its path split at slashes. */
export type Override = {readonly path: readonly string[]; readonly value: string};

/** Reads one `-X` argument; a message when it has no `=` or an empty name. */
export const parseSpecifier = (specifier: string): Override | {readonly message: string} => {
	const equals = specifier.indexOf('=');
	if (equals === -1) return {message: 'invalid configuration specifier'};
	const path = specifier.slice(0, equals).split('/');
	if (path.includes('')) return {message: "'//' is not allowed in an option path"};
	return {path, value: specifier.slice(equals + 1)};
};

/** The `-X` values for one section and what is in it. Each goes to the first section that it fits. */
export class OverrideBag {
	readonly #keys = new Map<string, {key: string; value: string}[]>();
	#rest: Override[] = [];

	constructor(overrides: readonly Override[], hasFreeKeys: boolean) {
		for (const override of overrides) {
			const [first = '', ...inner] = override.path;
			const key = hasFreeKeys ? first : first.toLowerCase();
			if (inner.length > 0) this.#rest.push(override);
			else
				this.#keys.set(key, [...(this.#keys.get(key) ?? []), {key: first, value: override.value}]);
		}
	}

	/** Whether the key's values in the file are replaced; expects the folded name. */
	has(key: string): boolean {
		return this.#keys.has(key);
	}

	values(): {key: string; value: string}[] {
		return [...this.#keys.values()].flat();
	}

	/** Moves what is meant for a section that begins into a bag of its own. */
	take(type: string, name: string | undefined, hasFreeKeys: boolean): OverrideBag | undefined {
		const fits = ({path: [first = '']}: Override): boolean =>
			first.toLowerCase() === type || (name !== undefined && first.toLowerCase() === name);
		const taken = this.#rest.filter(fits);
		if (taken.length === 0) return undefined;
		this.#rest = this.#rest.filter(override => !fits(override));
		const inner = taken.map(({path, value}) => ({path: path.slice(1), value}));
		return new OverrideBag(inner, hasFreeKeys);
	}

	/** Whether something was meant for a section that never came. */
	hasRest(): boolean {
		return this.#rest.length > 0;
	}
}
