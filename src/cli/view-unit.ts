import type {System} from './system.js';

/** A service as systemd sees it; what it does not tell is null. */
export type UnitView = {
	/** Such as `zeo-main.service`. */
	readonly name: string;
	/** Whether it starts at boot. */
	readonly enabled: boolean | null;
	/** `LoadState` of systemd: `loaded`, `masked`, `not-found`, `error`. */
	readonly load: string | null;
	/** `ActiveState`: `active`, `inactive`, `failed`, `activating`, `deactivating`, `reloading`. */
	readonly active: string | null;
	/** `SubState`, which says more, such as `auto-restart`. */
	readonly sub: string | null;
	/** Whether the supervisor that answers is the one of this service. */
	readonly owns: boolean;
};

/** What `systemctl show` is asked for. */
const properties = ['LoadState', 'ActiveState', 'SubState', 'UnitFileState'] as const;

/** Asks systemd about the service that is installed for a conf, else about the one that its supervisor is. */
export const viewUnit = async (
	{runTool}: Pick<System, 'runTool'>,
	{installed, running}: {readonly installed?: string; readonly running?: string},
): Promise<UnitView | null> => {
	const name = installed ?? running;
	if (name === undefined) return null;
	const {stdout} = await runTool(['systemctl', 'show', `--property=${properties.join()}`, name]);
	const find = (key: (typeof properties)[number]): string | null =>
		new RegExp(`^${key}=(.+)$`, 'm').exec(stdout)?.[1] ?? null;
	const file = find('UnitFileState');
	return {
		name,
		// A script of init.d is a unit that is generated anew at each boot.
		enabled: file === null ? null : /^(?:enabled|alias|generated)/.test(file),
		...{load: find('LoadState'), active: find('ActiveState'), sub: find('SubState')},
		owns: running === name,
	};
};
