import {type Check, checkGroups} from './check.js';
import {certificateChecks} from './checks/certificates.js';
import {confChecks} from './checks/conf.js';
import {dataChecks} from './checks/data.js';
import {diskChecks} from './checks/disk.js';
import {lockChecks} from './checks/locks.js';
import {logChecks} from './checks/logs.js';
import {mailChecks} from './checks/mail.js';
import {openFiles} from './checks/open-files.js';
import {ownerChecks} from './checks/owners.js';
import {packChecks} from './checks/packs.js';
import {portChecks} from './checks/ports.js';
import {programChecks} from './checks/program.js';
import {pythonChecks} from './checks/python.js';
import {serviceChecks} from './checks/service.js';
import {supervisorChecks} from './checks/supervisor.js';
import {timeChecks} from './checks/time.js';
import {tools} from './checks/tools.js';
import {versionChecks} from './checks/versions.js';

const all: readonly Check[] = [
	...confChecks,
	...[...programChecks, ...supervisorChecks, openFiles],
	...pythonChecks,
	...[...versionChecks, tools],
	...portChecks,
	...ownerChecks,
	...lockChecks,
	...dataChecks,
	...diskChecks,
	...logChecks,
	...timeChecks,
	...packChecks,
	...mailChecks,
	...certificateChecks,
	...serviceChecks,
];

/** Every check, group by group. */
export const checks: readonly Check[] = checkGroups.flatMap(group =>
	all.filter(check => check.group === group),
);
