import {formatTime} from '../platform/strftime.js';
import {renderForTerminal} from '../platform/terminal-text.js';
import type {StorageHealth} from '../zeo/health-document.js';

/**
 * What a ZEO server is asked over its monitor port, in the words and order of ZEO 4 (`ZEO/monitor.py`), for the
 * scripts that parse them: a head, and a block for each storage, sorted by name. `now` is Unix seconds.
 */
export const renderMonitorText = (
	storages: ReadonlyMap<string, StorageHealth>,
	now: number,
): string => {
	const names = [...storages.keys()].sort();
	const blocks = names.map(name => renderStorage(name, storages.get(name), now));
	const time = formatTime('%a %b %e %H:%M:%S %Y', now, () => '');
	// ZEO's own words where it does not know its version; nothing but its Python can tell it.
	return [`ZEO monitor server version unknown\n${time}\n\n`, ...blocks].join('');
};

const renderStorage = (name: string, health: StorageHealth | undefined, now: number): string => {
	const lockTime = health?.lockTime ?? null;
	const lines: readonly (readonly [label: string, value: string | number | null | undefined])[] = [
		['Storage', name],
		['Server started', health?.start ?? 'unknown'],
		['Clients', health?.connections],
		// Of a time when clients verified their caches one by one; ZEO 5 no longer counts them.
		['Clients verifying', 0],
		['Active transactions', health?.activeTransactions],
		...(lockTime === null
			? []
			: [['Commit lock held for', Math.max(0, Math.trunc(now - lockTime))] as const]),
		['Commits', health?.commits],
		['Aborts', health?.aborts],
		['Loads', health?.loads],
		['Stores', health?.stores],
		['Conflicts', health?.conflicts],
		['Conflicts resolved', health?.conflictsResolved],
	];
	const block = lines.map(
		([label, value]) => `${label}: ${renderForTerminal(String(value ?? 0))}\n`,
	);
	return `${block.join('')}\n`;
};
