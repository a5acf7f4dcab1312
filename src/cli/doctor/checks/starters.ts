import {ofConf} from '../check.js';
import {type Finding, idle, orFine, warning} from '../finding.js';
import {findStarters, type Starter} from '../starters.js';
import type {Subject} from '../subject.js';

/** Whether one thing alone starts the server. */
export const oneStarter = ofConf({
	group: 'service',
	name: 'one-starter',
	about: 'not two of unit, init script and cron start the server at boot',
	run({settings, server, etc, asRoot}) {
		const confs = [settings.configFile, server?.confPath].filter(conf => conf !== undefined);
		return judgeStarters(findStarters(etc, confs), asRoot);
	},
});

/** What zeoctl has made stays; else the first one. */
export const judgeStarters = (
	starters: readonly Starter[],
	asRoot: Subject['asRoot'],
): readonly Finding[] => {
	const kept = starters.find(({isOurs}) => isOurs) ?? starters[0];
	if (kept === undefined) return [idle('nothing starts the server at boot')];
	return orFine(
		starters
			.filter(each => each !== kept)
			.map(({file, removal}) =>
				warning(`both ${kept.file} and ${file} start the server at boot`, {
					advice: 'zeoctl lets only the first of them have the database; the other one fails',
					command: asRoot(...removal),
				}),
			),
		kept.file,
	);
};
