import type {Seen} from './instance.js';
import type {UnitView} from './view-unit.js';

/** What systemd says of the service of an instance, beside what the supervisor says of itself. */
export const unitRows = (
	unit: UnitView | null,
	reached: Pick<Seen, 'contact'>,
): readonly (readonly [label: string, value: string])[] => {
	if (unit === null) return [];
	const {name, enabled, owns} = unit;
	const isRival = reached.contact === 'session' && !owns;
	return [
		['systemd', [`${name}${describeState(unit)}`, ...describeBoot(name, enabled)].join(', ')],
		...(isRival
			? [
					[
						'',
						`this supervisor is not the service: zeoctl stop, then systemctl start ${name}`,
					] as const,
				]
			: []),
	];
};

const describeState = ({load, active, sub}: UnitView): string => {
	if (load !== null && load !== 'loaded') return ` is ${load}`;
	return active === null ? '' : ` is ${active}${sub === null || sub === active ? '' : ` (${sub})`}`;
};

const describeBoot = (name: string, enabled: boolean | null): readonly string[] => {
	if (enabled === null) return [];
	return enabled
		? ['starts at boot']
		: [`does not start at boot; systemctl enable ${name} changes that`];
};
