import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {serviceName} from './service-name.js';
import {renderUnitCommand} from './unit-text.js';

/** Where it is seen that systemd runs the system, and where its units are installed. */
export type UnitPlaces = {readonly systemdMark: string; readonly units: string};

const systemPlaces: UnitPlaces = {
	systemdMark: '/run/systemd/system',
	units: '/etc/systemd/system',
};

/** The service of systemd that runs a conf, such as `zeo-app.service`; undefined where none is installed. */
export const findInstalledUnit = (
	conf: string | undefined,
	{systemdMark, units}: UnitPlaces = systemPlaces,
): string | undefined => {
	const name = conf?.startsWith('/') ? serviceName(conf) : undefined;
	if (conf === undefined || name === undefined || !existsSync(systemdMark)) return undefined;
	const unit = `zeo-${name}.service`;
	return isFor(path.join(units, unit), conf) ? unit : undefined;
};

const isFor = (file: string, conf: string): boolean => {
	try {
		return readFileSync(file, 'utf8').includes(
			` ${renderUnitCommand(['-C', conf, 'supervise'])}\n`,
		);
	} catch {
		return false;
	}
};
